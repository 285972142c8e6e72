extension ConfigSpace {
    /// The valid configs that differ from `config` in one parameter, or in one element of a list or tuple, or by one swap
    /// of a permutation.
    ///
    /// In the order of the parameters and of their values. Of a number with more than 32 values, those 1, 2, 4, … places
    /// away on both sides. `config` has a value of its domain for each parameter; it need not meet the constraints.
    public func neighbours(of config: Config) -> [Config] {
        let values = names.map { config[$0] ?? .null }
        var neighbours: [Config] = []
        for (index, parameter) in parameters.enumerated() {
            for value in parameter.domain.neighbours(of: values[index]) {
                var changed = values
                changed[index] = value
                if meetsConstraints(changed) { neighbours.append(Config(names: names, values: changed)) }
            }
        }
        return neighbours
    }
}
