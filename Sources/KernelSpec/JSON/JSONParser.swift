/// One pass over a JSON text that checks all of RFC 8259 and leaves an entry for each value and key.
///
/// Arrays and objects are kept on a stack of its own, so that no nesting can exhaust the thread's.
struct JSONParser {
    static let maximumDepth = 256

    private struct Level {
        let entry: Int
        let isObject: Bool
        var count: UInt32 = 0
    }

    private let file: String
    private var entries: [JSONEntry] = []
    private var levels: [Level] = []
    var offset = 0

    init(file: String, byteCount: Int) {
        self.file = file
        entries.reserveCapacity(byteCount / 10 + 8)
    }

    mutating func parse(_ text: Span<UInt8>) throws(SpecError) -> [JSONEntry] {
        guard text.count < Int(UInt32.max) else {
            throw SpecError(file: file, message: "is larger than 4 GiB", help: "split it")
        }
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
            throw error("starts with a byte-order mark", in: text, help: "save it as UTF-8 without one")
        }
        skipSpace(text)
        try parseValue(text)
        while let level = levels.last {
            skipSpace(text)
            let close = UInt8(ascii: level.isObject ? "}" : "]")
            guard offset < text.count else { throw unclosed(level, in: text) }
            let byte = text[offset]
            if byte == close {
                offset += 1
                try closeLevel(text)
            } else if level.count == 0 {
                try parseItem(text, ofObject: level.isObject, after: nil)
            } else if byte == UInt8(ascii: ",") {
                let comma = offset
                offset += 1
                skipSpace(text)
                try parseItem(text, ofObject: level.isObject, after: comma)
            } else {
                throw error("expected ',' or '\(level.isObject ? "}" : "]")', found \(found(text))", in: text)
            }
        }
        skipSpace(text)
        if offset < text.count {
            throw error("expected the end of the file, found \(found(text))", in: text)
        }
        return entries
    }

    private mutating func parseItem(_ text: Span<UInt8>, ofObject isObject: Bool, after comma: Int?) throws(SpecError) {
        levels[levels.count - 1].count += 1
        if let comma, offset < text.count, text[offset] == UInt8(ascii: isObject ? "}" : "]") {
            throw error("nothing follows this comma", at: comma, in: text, help: "remove it")
        }
        if isObject {
            guard offset < text.count, text[offset] == UInt8(ascii: "\"") else {
                throw error("expected a key in double quotes, found \(found(text))", in: text)
            }
            try parseString(text)
            skipSpace(text)
            guard offset < text.count, text[offset] == UInt8(ascii: ":") else {
                throw error("expected ':' after the key, found \(found(text))", in: text)
            }
            offset += 1
            skipSpace(text)
        }
        try parseValue(text)
    }

    private mutating func parseValue(_ text: Span<UInt8>) throws(SpecError) {
        guard offset < text.count else { throw error("expected a value, found the end of the file", in: text) }
        switch text[offset] {
        case UInt8(ascii: "\""):
            try parseString(text)
        case UInt8(ascii: "{"):
            try openLevel(text, isObject: true)
        case UInt8(ascii: "["):
            try openLevel(text, isObject: false)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = offset
            let kind = try scanNumber(text)
            entries.append(JSONEntry(start: UInt32(start), end: UInt32(offset), kind: kind))
        case UInt8(ascii: "t") where matches("true", text): appendWord(.true, length: 4)
        case UInt8(ascii: "f") where matches("false", text): appendWord(.false, length: 5)
        case UInt8(ascii: "n") where matches("null", text): appendWord(.null, length: 4)
        default:
            throw error("expected a value, found \(found(text))", in: text, help: valueHelp(text))
        }
    }

    private mutating func openLevel(_ text: Span<UInt8>, isObject: Bool) throws(SpecError) {
        guard levels.count < Self.maximumDepth else {
            throw error("is nested deeper than \(Self.maximumDepth) levels", in: text)
        }
        levels.append(Level(entry: entries.count, isObject: isObject))
        entries.append(JSONEntry(start: UInt32(offset), end: 0, kind: isObject ? .object : .array))
        offset += 1
    }

    private mutating func closeLevel(_ text: Span<UInt8>) throws(SpecError) {
        guard let level = levels.popLast() else { return }
        entries[level.entry].end = UInt32(entries.count)
        entries[level.entry].count = level.count
        if level.isObject, level.count > 1, let (repeated, name) = repeatedKey(of: level.entry, text) {
            throw error(
                "the key \"\(name)\" stands twice in this object", at: Int(entries[repeated].start), in: text,
                help: "keep one of them")
        }
    }

    private mutating func appendWord(_ kind: JSONEntry.Kind, length: Int) {
        entries.append(JSONEntry(start: UInt32(offset), end: UInt32(offset + length), kind: kind))
        offset += length
    }

    private mutating func parseString(_ text: Span<UInt8>) throws(SpecError) {
        let start = offset
        let isEscaped = try scanString(text)
        entries.append(
            JSONEntry(start: UInt32(start), end: UInt32(offset), kind: isEscaped ? .escapedString : .string))
    }

    private mutating func skipSpace(_ text: Span<UInt8>) {
        while offset < text.count {
            let byte = text[offset]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            offset += 1
        }
    }

    /// The entry of the first key that an earlier key of the same object equals.
    private func repeatedKey(of object: Int, _ text: Span<UInt8>) -> (Int, String)? {
        var keys: [(hash: UInt64, entry: Int)] = []
        var index = object + 1
        while index < entries.count {
            keys.append((JSONString.hash(entries[index], text), index))
            let value = entries[index + 1]
            index = value.kind.isContainer ? Int(value.end) : index + 2
        }
        keys.sort { ($0.hash, $0.entry) < ($1.hash, $1.entry) }
        var first: (Int, String)?
        for place in keys.indices.dropFirst() where keys[place].hash == keys[place - 1].hash {
            let name = JSONString.decode(entries[keys[place].entry], text)
            guard name == JSONString.decode(entries[keys[place - 1].entry], text) else { continue }
            if keys[place].entry < first?.0 ?? .max { first = (keys[place].entry, name) }
        }
        return first
    }
}

// Errors and their words.
extension JSONParser {
    func error(_ message: String, at place: Int? = nil, in text: Span<UInt8>, help: String? = nil) -> SpecError {
        let position = TextPosition(ofOffset: place ?? offset, in: text)
        return SpecError(file: file, line: position.line, column: position.column, message: message, help: help)
    }

    private func unclosed(_ level: Level, in text: Span<UInt8>) -> SpecError {
        let opened = TextPosition(ofOffset: Int(entries[level.entry].start), in: text)
        let (what, close) = level.isObject ? ("object", "}") : ("array", "]")
        return error(
            "the file ends inside the \(what) opened at line \(opened.line), column \(opened.column)", in: text,
            help: "close it with \(close)")
    }

    private func matches(_ word: String, _ text: Span<UInt8>) -> Bool {
        guard offset + word.utf8.count <= text.count else { return false }
        for (index, byte) in word.utf8.enumerated() where text[offset + index] != byte { return false }
        return true
    }

    /// What stands at the offset, for "expected …, found …".
    func found(_ text: Span<UInt8>) -> String {
        guard offset < text.count else { return "the end of the file" }
        let byte = text[offset]
        if byte == UInt8(ascii: "'") { return "a single quote" }
        if byte < 0x20 || byte == 0x7F { return "a control character" }
        if byte >= 0x80 { return "a character that is not ASCII" }
        let word = wordBytes(text)
        return "'\(word.isEmpty ? String(UnicodeScalar(byte)) : word)'"
    }

    private func wordBytes(_ text: Span<UInt8>) -> String {
        var end = offset
        while end < text.count, end < offset + 24, text[end].isIdentifierByte { end += 1 }
        return String(decoding: Array(text, offset..<end), as: UTF8.self)
    }

    private func valueHelp(_ text: Span<UInt8>) -> String? {
        switch text[offset] {
        case UInt8(ascii: "'"): return "JSON strings stand in double quotes"
        case UInt8(ascii: "/"), UInt8(ascii: "#"): return "JSON has no comments"
        case UInt8(ascii: "+"): return "write a positive number without '+'"
        case UInt8(ascii: "."): return "write a digit before the point"
        default: break
        }
        switch wordBytes(text).lowercased() {
        case "true", "false": return "write true or false in lower case"
        case "none", "null", "nil": return "write null"
        case "nan", "inf", "infinity": return "JSON has no such number"
        case "": return nil
        default: return "a text stands in double quotes"
        }
    }
}

extension UInt8 {
    var isIdentifierByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}

extension [UInt8] {
    /// A copy of a part of a span.
    init(_ span: Span<UInt8>, _ range: Range<Int>) {
        self.init()
        reserveCapacity(range.count)
        for index in range { append(span[index]) }
    }
}
