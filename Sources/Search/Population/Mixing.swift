internal import ConfigSpace

/// How configs are made from others, constraints kept.
enum Mixing {
    /// The fastest, each as good as it is evaluated.
    static func population(_ history: History, size: Int) -> [Config] { history.fastest(size).map(\.config) }

    /// `base` with values of `other` for some parameters, taken one after another in random order as far as the constraints
    /// allow.
    ///
    /// - Parameter takes: whether the value of a parameter, by its place, is wanted.
    static func cross<G: RandomNumberGenerator>(
        _ base: Config, _ other: Config, in space: ConfigSpace, using generator: inout G, takes: (Int, inout G) -> Bool
    ) -> Config {
        var child = base
        // Values that are valid only together get a second chance when the others are in.
        var wanted = base.values.indices.filter { base.values[$0] != other.values[$0] && takes($0, &generator) }
        for _ in 0..<2 {
            for place in wanted.shuffled(using: &generator) {
                var values = child.values
                values[place] = other.values[place]
                let next = Config(names: child.names, values: values)
                guard space.isValid(next) else { continue }
                child = next
                wanted.removeAll { $0 == place }
            }
        }
        return child
    }
}
