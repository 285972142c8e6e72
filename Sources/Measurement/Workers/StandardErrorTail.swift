import Synchronization

/// The last lines a worker wrote to standard error since its current call began, for the reasons of failures.
final class StandardErrorTail: Sendable {
    private static let keptLines = 20
    private static let keptBytesOfLine = 300

    private struct State {
        var splitter = LineSplitter()
        var lines: [String] = []
    }

    private let state = Mutex(State())

    func append(_ chunk: some Sequence<UInt8>) {
        state.withLock { state in
            state.splitter.append(chunk)
            while let line = state.splitter.next() { Self.keep(line[...], in: &state.lines) }
        }
    }

    func append(line: [UInt8]) {
        state.withLock { Self.keep(line[...], in: &$0.lines) }
    }

    /// Forgets what belongs to earlier calls.
    func clear() {
        state.withLock { $0.lines.removeAll() }
    }

    /// The last line that says something.
    var lastLine: String? {
        state.withLock { state in
            var lines = state.lines
            Self.keep(state.splitter.rest, in: &lines)
            return lines.last
        }
    }

    private static func keep(_ line: ArraySlice<UInt8>, in lines: inout [String]) {
        let text = String(decoding: line.prefix(keptBytesOfLine), as: UTF8.self)
        let visible = text.filter { $0.isASCII ? ($0 >= " " && $0 != "\u{7F}") : true }
        guard visible.contains(where: { !$0.isWhitespace }) else { return }
        lines.append(visible)
        if lines.count > keptLines { lines.removeFirst() }
    }
}
