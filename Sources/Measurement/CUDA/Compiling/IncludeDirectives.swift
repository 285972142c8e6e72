/// The headers that a source file names, read off its lines without preprocessing: those that the preprocessor would
/// leave out are among them.
struct IncludeDirectives: Sendable, Equatable {
    /// As written between quotes or angle brackets.
    private(set) var names: [String] = []
    /// Whether some directive names its header by a macro, so that the headers cannot be told.
    private(set) var isComputed = false

    init(_ bytes: [UInt8]) {
        for line in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let directive = line.drop(while: Self.isSpace)
            guard directive.first == UInt8(ascii: "#") else { continue }
            let word = directive.dropFirst().drop(while: Self.isSpace)
            guard word.starts(with: "include".utf8) || word.starts(with: "import".utf8) else { continue }
            let operand = word.drop(while: Self.isLetter).drop(while: Self.isSpace)
            let name = operand.dropFirst()
            switch operand.first {
            case UInt8(ascii: "\""): append(name.prefix { $0 != UInt8(ascii: "\"") })
            case UInt8(ascii: "<"): append(name.prefix { $0 != UInt8(ascii: ">") })
            default: isComputed = true
            }
        }
    }

    private mutating func append(_ name: ArraySlice<UInt8>) {
        names.append(String(decoding: name, as: UTF8.self))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Of `include_next` too.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
