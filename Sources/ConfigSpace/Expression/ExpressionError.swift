/// Why an expression cannot be read, or has no value, and where in its text.
public struct ExpressionError: Error, Equatable, CustomStringConvertible {
    public let message: String
    public let text: String
    /// Where in `text`, in bytes of UTF-8.
    public let offset: Int

    public init(message: String, text: String, offset: Int) {
        self.message = message
        self.text = text
        self.offset = offset
    }

    /// Where in `text`, in characters from 1.
    public var column: Int {
        String(decoding: text.utf8.prefix(offset), as: UTF8.self).count + 1
    }

    /// The message, the text, and a caret under the place.
    ///
    ///     '&&' is not an operator here; write 'and'
    ///       block_m > 16 && block_n > 16
    ///                    ^
    ///
    /// Of a long text, only the surroundings of the place are shown.
    public var description: String {
        let characters = Array(text.prefix(column + Self.shownAfter + 1))
        let place = min(column - 1, characters.count)
        let start = place > Self.shownBefore ? place - Self.shownBefore : 0
        let end = min(characters.count, place + Self.shownAfter)
        var line = start > 0 ? "…" : ""
        let indent = line.count + place - start
        line += String(characters[start..<end].map { $0.isNewline || $0 == "\t" ? " " : $0 })
        if end < characters.count { line += "…" }
        return "\(message)\n  \(line)\n  \(String(repeating: " ", count: indent))^"
    }

    private static let shownBefore = 60
    private static let shownAfter = 40
}
