internal import ConfigSpace

/// Reads what models write where they were asked for JSON: Python literals, single quotes, bare keys, trailing commas,
/// comments, tuples, and text that stops in the middle.
///
/// The reader moves forward only, so its time is linear in the text whatever the text is, and it nests to a fixed depth.
/// It is lenient in notation and strict in values: what it cannot read as a value makes the object around it
/// `malformed`, never something else.
struct LenientJSON {
    /// A value as read, and whether it was written to its end.
    struct Node {
        var content: Content
        var isComplete: Bool
    }

    enum Content {
        case scalar(Value)
        case list([Node])
        case object([(key: String, node: Node)])
        /// What could not be read, for the model.
        case malformed(String)
    }

    static let deepestNesting = 48

    private(set) var bytes: [UInt8]
    /// Where the reading stands, from the first byte; a reader of a growing text sets it back to try again.
    var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// What is read at the end of the text may read differently with more of it: nothing else does.
    var isAtEnd: Bool { position == bytes.count }

    mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    /// The next object or list of the text, with whatever stands before it passed over.
    mutating func nextContainer() -> Node? {
        skipToContainer() ? value(depth: 0) : nil
    }

    /// Moves to the bracket of the next object or list, or else to the end.
    mutating func skipToContainer() -> Bool {
        while let byte = current {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { return true }
            position += 1
        }
        return false
    }

    private mutating func value(depth: Int) -> Node {
        skipBlanks()
        guard let byte = current else { return Node(content: .malformed("the reply ends here"), isComplete: false) }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("):
            guard depth < Self.deepestNesting else {
                return tooDeep()
            }
            return byte == UInt8(ascii: "{") ? object(depth: depth) : list(depth: depth)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return string()
        default:
            return word()
        }
    }

    /// Passes over a value that nests too deeply, to the bracket that closes it.
    private mutating func tooDeep() -> Node {
        var open = 0
        while let byte = current {
            position += 1
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") {
                open += 1
            } else if Self.isClosing(byte) {
                open -= 1
                if open == 0 { return Node(content: .malformed("nested too deeply"), isComplete: true) }
            }
        }
        return Node(content: .malformed("nested too deeply"), isComplete: false)
    }

    private mutating func list(depth: Int) -> Node {
        let close = current == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")
        position += 1
        var elements: [Node] = []
        while true {
            skipBlanksAndCommas()
            guard let byte = current else { return Node(content: .list(elements), isComplete: false) }
            if byte == close {
                position += 1
                return Node(content: .list(elements), isComplete: true)
            }
            // A bracket of another kind closes something further out: this list was never closed.
            if Self.isClosing(byte) { return Node(content: .list(elements), isComplete: false) }
            elements.append(element(depth: depth))
        }
    }

    private mutating func object(depth: Int) -> Node {
        position += 1
        var members: [(key: String, node: Node)] = []
        while true {
            skipBlanksAndCommas()
            guard let byte = current else { return Node(content: .object(members), isComplete: false) }
            if byte == UInt8(ascii: "}") {
                position += 1
                return Node(content: .object(members), isComplete: true)
            }
            if Self.isClosing(byte) { return Node(content: .object(members), isComplete: false) }
            members.append(member(depth: depth))
        }
    }

    /// A field of an object and the end of its place there.
    mutating func member(depth: Int) -> (key: String, node: Node) {
        guard let key = key() else {
            if current != nil { skipElement() }
            return ("", Node(content: .malformed("a field without a value"), isComplete: current != nil))
        }
        return (key, element(depth: depth))
    }

    /// A field's name and what separates it from its value; nil where no value follows.
    mutating func key() -> String? {
        let node = current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") ? string() : word()
        skipBlanks()
        guard current == UInt8(ascii: ":") || current == UInt8(ascii: "=") else { return nil }
        position += 1
        return Self.text(of: node)
    }

    /// A value and the end of its place in a list or object; what follows it there makes it malformed.
    mutating func element(depth: Int) -> Node {
        let start = position
        var node = value(depth: depth + 1)
        skipBlanks()
        if let byte = current, byte != UInt8(ascii: ","), !Self.isClosing(byte), !startsElement(byte) {
            skipElement()
            let text = String(decoding: bytes[start..<min(position, start + 60)], as: UTF8.self)
            node = Node(content: .malformed("not JSON: \(text)"), isComplete: node.isComplete)
        }
        return node
    }

    /// Whether a byte can begin the next element where a comma was forgotten.
    private func startsElement(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "\"")
    }

    static func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: ")")
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 9 || byte == 10 || byte == 13 || byte == 32
    }

    /// Moves to the next comma or closing bracket; always at least one byte, unless it stands on one already.
    private mutating func skipElement() {
        while let byte = current, byte != UInt8(ascii: ","), !Self.isClosing(byte) { position += 1 }
    }

    mutating func skipBlanksAndCommas() {
        while true {
            skipBlanks()
            guard current == UInt8(ascii: ",") else { return }
            position += 1
        }
    }

    /// White space and comments (`//`, `/* */`, `#`).
    mutating func skipBlanks() {
        while let byte = current {
            switch byte {
            case _ where Self.isBlank(byte):
                position += 1
            case UInt8(ascii: "#"):
                skipLine()
            case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
                skipLine()
            case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
                position += 2
                while let byte = current, !(byte == UInt8(ascii: "*") && next == UInt8(ascii: "/")) { position += 1 }
                position = min(position + 2, bytes.count)
            default:
                return
            }
        }
    }

    private mutating func skipLine() {
        while let byte = current, byte != 10 { position += 1 }
    }
}
