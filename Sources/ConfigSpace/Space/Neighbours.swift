extension ConfigSpace {
    /// The valid configs that differ from `config` in one parameter, or in one element of a list or tuple, or by one swap
    /// of a permutation.
    ///
    /// In the order of the parameters and of their values. Of a number with more than 32 values, those 1, 2, 4, … places
    /// away on both sides. `config` need not meet the constraints itself.
    public func neighbours(of config: Config) -> [Config] {
        let values = names.map { config[$0] ?? .null }
        var neighbours: [Config] = []
        for (index, parameter) in parameters.enumerated() where parameter.domain.contains(values[index]) {
            for value in parameter.domain.neighbours(of: values[index]) {
                var changed = values
                changed[index] = value
                if meetsConstraints(changed) { neighbours.append(Config(names: names, values: changed)) }
            }
        }
        return neighbours
    }
}
