internal import ConfigSpace

/// A JSON document whose objects keep the order of their members: services write fields in the order of a schema's.
indirect enum OrderedJSON: Equatable {
    case value(Value)
    case list([OrderedJSON])
    case object([Member])

    struct Member: Equatable {
        var name: String
        var value: OrderedJSON
    }

    static func object(_ members: KeyValuePairs<String, OrderedJSON>) -> OrderedJSON {
        .object(members.map { Member(name: $0.key, value: $0.value) })
    }

    static func string(_ text: String) -> OrderedJSON { .value(.string(text)) }
    static func int(_ number: Int) -> OrderedJSON { .value(.int(number)) }
    static func values(_ values: [Value]) -> OrderedJSON { .list(values.map { .value($0) }) }

    /// Minified.
    var text: String {
        switch self {
        case .value(let value): value.json
        case .list(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\(Value.string($0.name).json):\($0.value.text)" }.joined(separator: ",") + "}"
        }
    }
}
