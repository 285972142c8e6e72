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

    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    /// The next object or list of the text, with whatever stands before it passed over.
    mutating func nextContainer() -> Node? {
        while let byte = current {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { return value(depth: 0) }
            position += 1
        }
        return nil
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
            } else if isClosing(byte) {
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
            if isClosing(byte) { return Node(content: .list(elements), isComplete: false) }
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
            if isClosing(byte) { return Node(content: .object(members), isComplete: false) }
            let keyNode = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") ? string() : word()
            skipBlanks()
            guard current == UInt8(ascii: ":") || current == UInt8(ascii: "=") else {
                if current != nil { skipElement() }
                let isComplete = current != nil
                members.append(("", Node(content: .malformed("a field without a value"), isComplete: isComplete)))
                continue
            }
            position += 1
            let key = Self.text(of: keyNode)
            members.append((key, element(depth: depth)))
        }
    }

    /// A value and the end of its place in a list or object; what follows it there makes it malformed.
    private mutating func element(depth: Int) -> Node {
        let start = position
        var node = value(depth: depth + 1)
        skipBlanks()
        if let byte = current, byte != UInt8(ascii: ","), !isClosing(byte), !startsElement(byte) {
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

    private func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: ")")
    }

    /// Moves to the next comma or closing bracket; always at least one byte, unless it stands on one already.
    private mutating func skipElement() {
        while let byte = current, byte != UInt8(ascii: ","), !isClosing(byte) { position += 1 }
    }

    private mutating func string() -> Node {
        let quote = bytes[position]
        position += 1
        var text: [UInt8] = []
        while let byte = current {
            position += 1
            if byte == quote {
                return Node(content: .scalar(.string(String(decoding: text, as: UTF8.self))), isComplete: true)
            }
            guard byte == UInt8(ascii: "\\"), let escaped = current else {
                text.append(byte)
                continue
            }
            position += 1
            switch escaped {
            case UInt8(ascii: "n"): text.append(10)
            case UInt8(ascii: "t"): text.append(9)
            case UInt8(ascii: "r"): text.append(13)
            case UInt8(ascii: "u"): text += Array(String(unicodeEscape()).utf8)
            default: text.append(escaped)
            }
        }
        return Node(content: .scalar(.string(String(decoding: text, as: UTF8.self))), isComplete: false)
    }

    private mutating func unicodeEscape() -> Unicode.Scalar {
        let digits = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
        guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16) else { return "\u{FFFD}" }
        position += 4
        return Unicode.Scalar(code) ?? "\u{FFFD}"
    }

    /// A number, a keyword of JSON or Python, or a bare word, which is read as a string.
    private mutating func word() -> Node {
        let start = position
        while let byte = current, !Self.delimiters.contains(byte) { position += 1 }
        if position == start { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // A word that touches the end of the text may be the beginning of a longer one.
        let isComplete = position < bytes.count
        switch text {
        case "null", "None", "nil": return Node(content: .scalar(.null), isComplete: isComplete)
        case "true", "True": return Node(content: .scalar(.bool(true)), isComplete: isComplete)
        case "false", "False": return Node(content: .scalar(.bool(false)), isComplete: isComplete)
        default: break
        }
        if let number = Int(text) { return Node(content: .scalar(.int(number)), isComplete: isComplete) }
        if let first = text.utf8.first, Self.numberStarts.contains(first) {
            guard let number = Double(text), number.isFinite else {
                return Node(content: .malformed("not a number: \(text.prefix(60))"), isComplete: isComplete)
            }
            return Node(content: .scalar(.double(number)), isComplete: isComplete)
        }
        let isWord = text.utf8.allSatisfy { Self.wordBytes.contains($0) }
        return Node(
            content: isWord ? .scalar(.string(text)) : .malformed("not JSON: \(text.prefix(60))"),
            isComplete: isComplete)
    }

    private static let delimiters = Set(" \t\r\n,:={}[]()\"'".utf8)
    private static let numberStarts = Set("+-.0123456789".utf8)
    private static let wordBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./".utf8)

    private static func text(of node: Node) -> String {
        switch node.content {
        case .scalar(.string(let text)): text
        case .scalar(let value): value.json
        default: ""
        }
    }

    private mutating func skipBlanksAndCommas() {
        while true {
            skipBlanks()
            guard current == UInt8(ascii: ",") else { return }
            position += 1
        }
    }

    /// White space and comments (`//`, `/* */`, `#`).
    private mutating func skipBlanks() {
        while let byte = current {
            switch byte {
            case 9, 10, 13, 32:
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
