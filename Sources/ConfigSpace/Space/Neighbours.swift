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

    /// One of the neighbours, each as likely as any other; nil where there are none.
    ///
    /// Constraints are checked for those that are drawn alone, not for all.
    public func randomNeighbour<G: RandomNumberGenerator>(of config: Config, using generator: inout G) -> Config? {
        let values = names.map { config[$0] ?? .null }
        var changes: [(parameter: Int, value: Value)] = []
        for (index, parameter) in parameters.enumerated() where parameter.domain.contains(values[index]) {
            changes += parameter.domain.neighbours(of: values[index]).map { (index, $0) }
        }
        while !changes.isEmpty {
            changes.swapAt(changes.count - 1, Int.random(in: changes.indices, using: &generator))
            guard let change = changes.popLast() else { break }
            var changed = values
            changed[change.parameter] = change.value
            if meetsConstraints(changed) { return Config(names: names, values: changed) }
        }
        return nil
    }
}
