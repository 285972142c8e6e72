/// One configuration: a value for each named parameter, in the order of the space.
///
/// A config of a `ConfigSpace` names every parameter; what `changes(from:)` gives names only those that differ.
public struct Config: Sendable, Hashable {
    public let names: [String]
    public let values: [Value]

    /// `names` and `values` have the same count.
    public init(names: [String], values: [Value]) {
        precondition(names.count == values.count, "a config has one value for each name")
        self.names = names
        self.values = values
    }

    public subscript(name: String) -> Value? {
        guard let index = names.firstIndex(of: name) else { return nil }
        return values[index]
    }

    /// The parameters whose value differs from that in `other`, in this config's order.
    public func changes(from other: Config) -> Config {
        var names: [String] = []
        var values: [Value] = []
        for (name, value) in zip(self.names, self.values) where other[name] != value {
            names.append(name)
            values.append(value)
        }
        return Config(names: names, values: values)
    }

    public static func == (left: Config, right: Config) -> Bool {
        left.values == right.values && left.names == right.names
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(values)
    }
}
