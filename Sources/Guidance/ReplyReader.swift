internal import ConfigSpace

/// The proposals in a model's reply, as the model meant them.
struct ReadReply: Equatable {
    enum Item: Equatable {
        /// An object to be checked against the space.
        case proposal(Value)
        /// Something that stands where a config should and cannot be read: its text, and why.
        case unreadable(text: String, reason: String)
    }

    var items: [Item]
    /// The reply stopped in the middle; what was complete counts.
    var isCutOff: Bool
}

/// Finds the configs in a reply: `{"configs":[…]}` as asked, or a bare list, or objects one by one, within fences and
/// prose or without.
///
/// Nothing in a reply can crash or stall the reading: it is linear in the reply's length, and `longestReply` bounds that.
enum ReplyReader {
    static let longestReply = 4_000_000
    static let mostItems = 10_000

    static func read(_ reply: String) -> ReadReply {
        read(Array(reply.utf8.prefix(longestReply)))
    }

    static func read(_ reply: [UInt8]) -> ReadReply {
        var reader = LenientJSON(reply)
        var asked: LenientJSON.Node?
        var list: LenientJSON.Node?
        var objects: [LenientJSON.Node] = []
        while let node = reader.nextContainer() {
            switch node.content {
            case .object(let members):
                if let configs = configs(in: members) {
                    // Of several, the last is what the model settled on. One without objects repeats the format, as in
                    // "…in the form {"configs":[…]}", and takes nothing back.
                    if holdsObjects(configs) { asked = configs }
                } else if !members.isEmpty, objects.count < mostItems {
                    objects.append(node)
                }
            case .list:
                if holdsObjects(node) { list = node }
            case .scalar, .malformed:
                break
            }
        }
        if let found = asked ?? list, case .list(let elements) = found.content {
            return read(elements, listIsComplete: found.isComplete)
        }
        return read(objects, listIsComplete: objects.last?.isComplete ?? true)
    }

    /// The list under "configs", be it cut off; nil when the object is no such wrapper.
    private static func configs(in members: [(key: String, node: LenientJSON.Node)]) -> LenientJSON.Node? {
        guard let node = members.last(where: { $0.key == "configs" })?.node, case .list = node.content else {
            return nil
        }
        return node
    }

    private static func holdsObjects(_ node: LenientJSON.Node) -> Bool {
        guard case .list(let elements) = node.content else { return false }
        return elements.contains { if case .object = $0.content { true } else { false } }
    }

    private static func read(_ nodes: [LenientJSON.Node], listIsComplete: Bool) -> ReadReply {
        var items: [ReadReply.Item] = []
        var isCutOff = !listIsComplete
        for node in nodes.prefix(mostItems) {
            if let item = item(node) { items.append(item) } else { isCutOff = true }
        }
        return ReadReply(items: items, isCutOff: isCutOff)
    }

    /// What stands in a place for a config; nil where it was cut off.
    static func item(_ node: LenientJSON.Node) -> ReadReply.Item? {
        guard node.isComplete else { return nil }
        switch value(of: node) {
        case .success(let value): return .proposal(unwrapped(value))
        case .failure(let reason): return .unreadable(text: text(of: node), reason: reason.text)
        }
    }

    /// A config that a model wrapped once more: `{"config": {…}}`.
    private static func unwrapped(_ value: Value) -> Value {
        if case .object(let members) = value, members.count == 1, let inner = members["config"], case .object = inner {
            return inner
        }
        return value
    }

    private struct Reason: Error {
        var text: String
    }

    private static func value(of node: LenientJSON.Node) -> Result<Value, Reason> {
        guard node.isComplete else { return .failure(Reason(text: "it is not closed")) }
        switch node.content {
        case .scalar(let value):
            return .success(value)
        case .malformed(let reason):
            return .failure(Reason(text: reason))
        case .list(let elements):
            var values: [Value] = []
            for element in elements {
                switch value(of: element) {
                case .success(let value): values.append(value)
                case .failure(let reason): return .failure(reason)
                }
            }
            return .success(.list(values))
        case .object(let members):
            var values: [String: Value] = [:]
            for (key, member) in members {
                switch value(of: member) {
                case .success(let value):
                    if let earlier = values.updateValue(value, forKey: key), earlier != value {
                        return .failure(Reason(text: "\(key) is given twice, with different values"))
                    }
                case .failure(let reason):
                    return .failure(Reason(text: key.isEmpty ? reason.text : "\(key): \(reason.text)"))
                }
            }
            return .success(.object(values))
        }
    }

    /// What can be shown of an unreadable config: the fields that were read.
    private static func text(of node: LenientJSON.Node) -> String {
        guard case .object(let members) = node.content else { return "…" }
        var values: [String: Value] = [:]
        for (key, member) in members {
            if case .success(let value) = value(of: member) { values[key] = value }
        }
        return Value.object(values).json
    }
}
