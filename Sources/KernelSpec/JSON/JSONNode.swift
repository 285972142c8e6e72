public import ConfigSpace

/// One value of a `JSONDocument`, with its place.
public struct JSONNode: Sendable {
    public enum Kind: String, Sendable {
        case null, boolean, number, string, array, object
    }

    public let document: JSONDocument
    let index: Int

    private var entry: JSONEntry { document.entries[index] }

    public var kind: Kind {
        switch entry.kind {
        case .null: .null
        case .true, .false: .boolean
        case .integer, .real: .number
        case .string, .escapedString: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The elements of an array or the members of an object; 0 for all else.
    public var count: Int { Int(entry.count) }

    public var bool: Bool? {
        switch entry.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// The integer, when the number has no fraction, however it was written (`64`, `64.0`, `6.4e1`), and fits.
    public var int: Int? {
        switch entry.kind {
        case .integer: document.withText { JSONNumber.int($0, tokenRange) }
        case .real: double.flatMap { Int(exactly: $0) }
        default: nil
        }
    }

    public var double: Double? {
        switch entry.kind {
        case .integer, .real: document.withText { JSONNumber.double($0, tokenRange) }
        default: nil
        }
    }

    public var string: String? {
        switch entry.kind {
        case .string, .escapedString: document.withText { JSONString.decode(entry, $0) }
        default: nil
        }
    }

    /// The elements of an array, in order; empty for all else.
    public var elements: JSONElements { JSONElements(of: self, isKind: .array) }

    /// The members of an object, in order; empty for all else.
    public var members: JSONMembers { JSONMembers(of: self) }

    /// The member of that name of an object; nil when there is none, or for all else.
    public func member(_ name: String) -> JSONNode? {
        guard entry.kind == .object else { return nil }
        return document.withText { text in
            var place = index + 1
            while place < Int(entry.end) {
                if JSONString.equals(document.entries[place], name, text) {
                    return JSONNode(document: document, index: place + 1)
                }
                place = document.next(after: place + 1)
            }
            return nil
        }
    }

    /// The value alone; numbers keep the kind they were written in, integers that do not fit become doubles.
    public var value: Value {
        switch entry.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .integer: return int.map(Value.int) ?? .double(double ?? .nan)
        case .real: return .double(double ?? .nan)
        case .string, .escapedString: return .string(string ?? "")
        case .array: return .list(elements.map(\.value))
        case .object: return .object(Dictionary(members.map { ($0.name, $0.value.value) }) { first, _ in first })
        }
    }

    private var tokenRange: Range<Int> { Int(entry.start)..<Int(entry.end) }
}

/// The elements of an array node.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let document: JSONDocument
    private var cursor: Int
    private let end: Int

    init(of node: JSONNode, isKind kind: JSONEntry.Kind) {
        let entry = node.document.entries[node.index]
        document = node.document
        cursor = node.index + 1
        end = entry.kind == kind ? Int(entry.end) : cursor
    }

    public mutating func next() -> JSONNode? {
        guard cursor < end else { return nil }
        defer { cursor = document.next(after: cursor) }
        return JSONNode(document: document, index: cursor)
    }
}

/// The members of an object node.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    /// A key and its value.
    public struct Member: Sendable {
        public let key: JSONNode
        public let value: JSONNode

        public var name: String { key.string ?? "" }
    }

    private var nodes: JSONElements
    init(of node: JSONNode) { nodes = JSONElements(of: node, isKind: .object) }

    public mutating func next() -> Member? {
        guard let key = nodes.next(), let value = nodes.next() else { return nil }
        return Member(key: key, value: value)
    }
}
