extension ConfigSpace {
    /// The valid configs that differ from `config` in one parameter, or in one element of a list or tuple, or by one swap
    /// of a permutation.
    ///
    /// In the order of the parameters and of their values. Of a number with more than 32 values, those 1, 2, 4, … places
    /// away on both sides. `config` need not meet the constraints itself.
    public func neighbours(of config: Config) -> [Config] {
        let values = names.map { config[$0] ?? .null }
        return changes(of: values).compactMap { valid($0, of: values) }
    }

    /// One of the neighbours, each as likely as any other; nil where there are none.
    ///
    /// Constraints are checked for those that are drawn alone, not for all.
    public func randomNeighbour<G: RandomNumberGenerator>(of config: Config, using generator: inout G) -> Config? {
        let values = names.map { config[$0] ?? .null }
        var changes = changes(of: values)
        while !changes.isEmpty {
            changes.swapAt(changes.count - 1, Int.random(in: changes.indices, using: &generator))
            guard let change = changes.popLast() else { break }
            if let neighbour = valid(change, of: values) { return neighbour }
        }
        return nil
    }

    /// The nearest valid configs on each side of each parameter, or of each element of a list or tuple: of ordered values the
    /// next one below and above that meets the constraints, of others each.
    public func adjacent(to config: Config) -> [Config] {
        let values = names.map { config[$0] ?? .null }
        return parameters.enumerated().flatMap { index, parameter in
            parameter.domain.contains(values[index])
                ? parameter.domain.steps(from: values[index]).compactMap { way in
                    way.lazy.compactMap { valid((index, $0), of: values) }.first
                } : []
        }
    }

    private typealias Change = (parameter: Int, value: Value)

    /// The changes that make neighbours, whether they meet the constraints or not.
    private func changes(of values: [Value]) -> [Change] {
        var changes: [Change] = []
        for (index, parameter) in parameters.enumerated() where parameter.domain.contains(values[index]) {
            changes += parameter.domain.neighbours(of: values[index]).map { (index, $0) }
        }
        return changes
    }

    private func valid(_ change: Change, of values: [Value]) -> Config? {
        var changed = values
        changed[change.parameter] = change.value
        return meetsConstraints(changed) ? Config(names: names, values: changed) : nil
    }
}
