/// A JSON text (RFC 8259, strictly) whose every value knows its line, column and path.
///
/// The text is kept with one flat array of entries, in document order; strings and numbers are decoded when asked for,
/// and lines are counted when an error needs one. So a result file of tens of megabytes costs one pass and one array.
public final class JSONDocument: Sendable {
    /// The file as the user named it, for errors.
    public let file: String
    let bytes: [UInt8]
    let entries: [JSONEntry]

    init(file: String, bytes: [UInt8], entries: [JSONEntry]) {
        self.file = file
        self.bytes = bytes
        self.entries = entries
    }

    /// Reads a whole JSON text.
    ///
    /// Duplicate keys in an object are errors, as are invalid UTF-8, a byte-order mark, numbers beyond the range of
    /// Double, and nesting deeper than 256 levels.
    ///
    /// - Throws: a `SpecError` with line, column, and what was expected there.
    public static func parse(_ bytes: [UInt8], file: String) throws(SpecError) -> JSONDocument {
        var parser = JSONParser(file: file, byteCount: bytes.count)
        let entries = try parser.parse(bytes.span)
        return JSONDocument(file: file, bytes: bytes, entries: entries)
    }

    /// The document's one value.
    public var root: JSONNode { JSONNode(document: self, index: 0) }

    func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        let bytes = bytes
        return body(bytes.span)
    }

    /// The first index after the subtree that starts at `index`.
    func next(after index: Int) -> Int {
        let entry = entries[index]
        return entry.kind.isContainer ? Int(entry.end) : index + 1
    }
}

/// One value or key of a document: 16 bytes.
struct JSONEntry {
    enum Kind: UInt8 {
        case null, `false`, `true`, integer, real, string, escapedString, array, object

        var isContainer: Bool { self == .array || self == .object }
    }

    /// Where the token starts in the text.
    var start: UInt32
    /// The offset just past the token; for arrays and objects, the index of the entry after the subtree.
    var end: UInt32
    /// Elements of an array, members of an object.
    var count: UInt32 = 0
    var kind: Kind
}

/// A line and a column in a text, both from 1; the column counts Unicode scalars.
public struct TextPosition: Sendable, Equatable {
    public let line: Int
    public let column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(ofOffset offset: Int, in bytes: Span<UInt8>) {
        var line = 1
        var column = 1
        for index in 0..<min(offset, bytes.count) {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column)
    }
}
