extension Value {
    /// The value as minified JSON with sorted object keys.
    ///
    /// Doubles are the shortest text that reads back as the same number, so `64.0` stays `64.0`. Infinities and NaN,
    /// which JSON cannot say, are `null`.
    public var json: String {
        var text = ""
        appendJSON(to: &text)
        return text
    }

    func appendJSON(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .double(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): appendQuoted(value, to: &text)
        case .list(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.appendJSON(to: &text)
            }
            text += "]"
        case .object(let members):
            appendObject(members.sorted { $0.key < $1.key }, to: &text)
        }
    }
}

/// Appends an object with its members in the order given.
func appendObject(_ members: [(key: String, value: Value)], to text: inout String) {
    text += "{"
    for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        appendQuoted(member.key, to: &text)
        text += ":"
        member.value.appendJSON(to: &text)
    }
    text += "}"
}

private func appendQuoted(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\u{0}"..<"\u{20}":
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }
    text += "\""
}

/// Plain JSON: the value itself, without a wrapper that says its kind.
///
/// Integers beyond 64 bits and fractions become doubles. A decoder may not tell `64.0` from `64`;
/// `ConfigSpace.config(from:)` gives each value the kind that its domain has.
extension Value: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let elements = try? container.decode([Value].self) {
            self = .list(elements)
        } else {
            self = .object(try container.decode([String: Value].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .list(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}
