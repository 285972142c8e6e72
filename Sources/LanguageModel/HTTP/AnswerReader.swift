/// Reads an answer as it comes: a stream of events, or one document.
///
/// Which of them it is is told by the answer, not by what was asked for: servers ignore the wish for a stream, proxies
/// change the content's type, and errors come as a document in any case.
struct AnswerReader {
    private enum Form {
        case unknown
        case events(any EventFraming)
        case document
    }

    enum Fault: Error {
        /// The stream is not one, in words.
        case framing(String)
        /// An event is not JSON; its beginning.
        case unreadableEvent(String)
    }

    private let format: any WireFormat
    private var form = Form.unknown
    private(set) var answer = Answer()
    /// The body, where it is a document, or where nothing says yet what it is.
    private(set) var document: [UInt8] = []

    init(_ format: any WireFormat, head: HTTPHead) {
        self.format = format
        let type = head.header("Content-Type")?.lowercased() ?? ""
        if type.hasPrefix("application/vnd.amazon.eventstream") { form = .events(AWSEventStreamParser()) }
    }

    var isStream: Bool {
        if case .events = form { true } else { false }
    }

    mutating func takeNews() -> String { answer.takeNews() }

    mutating func take(_ bytes: [UInt8]) throws(Fault) {
        switch form {
        case .document: document += bytes
        case .events: try read(bytes)
        case .unknown:
            document += bytes
            guard let isStream = Self.isStream(document) else { return }
            form = isStream ? .events(ServerSentEventParser()) : .document
            if isStream {
                let begun = document
                document = []
                try read(begun)
            }
        }
    }

    mutating func end() throws(Fault) {
        guard case .events(var framing) = form else { return }
        // What the connection's end cut an event down to is no event: the stream is unfinished, which is told as that.
        let last = framing.end()
        form = .events(framing)
        do { try read(last) } catch {
            guard case .unreadableEvent = error else { throw error }
        }
    }

    private mutating func read(_ bytes: [UInt8]) throws(Fault) {
        guard case .events(var framing) = form else { return }
        let events: [StreamEvent]
        do { events = try framing.take(bytes) } catch { throw .framing(error.words) }
        form = .events(framing)
        try read(events)
    }

    private mutating func read(_ events: [StreamEvent]) throws(Fault) {
        for event in events where !answer.isOver {
            // The end of a stream of Chat Completions.
            if event.data == "[DONE]" {
                if answer.ending == .unfinished { answer.ending = .complete }
                answer.isOver = true
                return
            }
            guard let document = JSONValue.parse(Array(event.data.utf8)) else {
                throw .unreadableEvent(event.data)
            }
            format.read(document, named: event.name, into: &answer)
        }
    }

    /// Whether a body that begins like this is a stream of events; nil where it is too short to say.
    private static func isStream(_ beginning: [UInt8]) -> Bool? {
        let bytes = beginning.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        guard let first = bytes.first else { return beginning.count > 1024 ? false : nil }
        // A comment, which keeps the connection alive.
        if first == UInt8(ascii: ":") { return true }
        let fields = ["data:", "event:", "id:", "retry:"].map { Array($0.utf8) }
        if fields.contains(where: { bytes.starts(with: $0) }) { return true }
        return fields.contains { $0.starts(with: bytes) } ? nil : false
    }
}
