internal import ConfigSpace

/// Strings, numbers, keywords and bare words.
extension LenientJSON {
    mutating func string() -> Node {
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
    mutating func word() -> Node {
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

    static func text(of node: Node) -> String {
        switch node.content {
        case .scalar(.string(let text)): text
        case .scalar(let value): value.json
        default: ""
        }
    }
}
