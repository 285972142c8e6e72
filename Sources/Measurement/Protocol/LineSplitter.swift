/// Splits a stream of bytes at line feeds; a line may span any number of chunks.
///
/// Only the line feed splits (JSON strings may hold U+2028), and every byte is looked at once, however long the line.
struct LineSplitter: Sendable {
    private var buffer: [UInt8] = []
    private var lineStart = 0
    private var scanned = 0

    mutating func append(_ chunk: some Sequence<UInt8>) {
        if lineStart > 0 {
            buffer.removeSubrange(..<lineStart)
            scanned -= lineStart
            lineStart = 0
        }
        buffer.append(contentsOf: chunk)
    }

    /// The next complete line without its line feed, or nil until more bytes come.
    mutating func next() -> [UInt8]? {
        guard let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) else {
            scanned = buffer.count
            return nil
        }
        defer {
            lineStart = end + 1
            scanned = lineStart
        }
        return Array(buffer[lineStart..<end])
    }

    /// What came after the last line feed.
    var rest: ArraySlice<UInt8> { buffer[lineStart...] }
}
