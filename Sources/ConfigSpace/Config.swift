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

    /// This config with `value` for the parameter `name`, appended if there is none of that name yet.
    public func with(_ name: String, _ value: Value) -> Config {
        guard let index = names.firstIndex(of: name) else {
            return Config(names: names + [name], values: values + [value])
        }
        var values = values
        values[index] = value
        return Config(names: names, values: values)
    }

    /// The config as a JSON object, the form in which a proposal arrives.
    public var object: Value {
        .object(Dictionary(zip(names, values)) { first, _ in first })
    }

    /// Minified JSON with sorted keys.
    public var json: String { object.json }
}

/// A JSON object of names and values.
///
/// The order of the names is lost on the way: a decoded config has them sorted, and is not equal to one in the order of
/// the space until `ConfigSpace.config(from:)` has read its `object`.
extension Config: Codable {
    public init(from decoder: any Decoder) throws {
        let members = try decoder.singleValueContainer().decode([String: Value].self)
        let sorted = members.sorted { $0.key < $1.key }
        self.init(names: sorted.map(\.key), values: sorted.map(\.value))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(zip(names, values)) { first, _ in first })
    }
}
