/// What one provider's API looks like on the wire: how a conversation is asked, and how the answer reads.
///
/// A conforming type knows no addresses, keys, retries or time limits.
protocol WireFormat: Sendable {
    /// The model that is asked.
    var model: String { get }
    /// The dialect of the schemas that it takes, for models that can be bound to one.
    var schemaDialect: SchemaDialect { get }
    /// The limit of output tokens where the user gives none; nil where the service has one of its own.
    var defaultMaxOutputTokens: Int? { get }
    /// Where the call goes, below the base address.
    func target(streams: Bool) -> CallTarget
    /// The headers beyond the content's type: the key, and what the API asks for.
    func headers(key: APIKey?) -> [HTTPHeader]
    /// The request's body.
    func body(_ call: ModelCall) -> JSONText
    /// What an answer that came whole says; nil where it has not the API's shape.
    func read(_ answer: JSONValue) -> Answer?
    /// What one event of a stream adds to the answer.
    func read(_ event: JSONValue, named name: String?, into answer: inout Answer)
}

/// The end of a call's address.
struct CallTarget {
    /// Without a slash at its start; its parts are percent-encoded.
    var path: String
    /// The part after the question mark, where there is one.
    var query: String?
}

/// A request with all that goes along with it.
struct ModelCall: Sendable {
    var messages: [Message]
    var schema: ResponseSchema?
    var maxOutputTokens: Int?
    var temperature: Double?
    var reasoningEffort: ReasoningEffort?
    /// Groups the requests of one conversation for a service's prompt cache.
    var cacheKey = ""
    /// What the service was seen to refuse.
    var refused = RefusedParameters()

    func sends(_ parameter: OptionalParameter) -> Bool { !refused.parameters.contains(parameter) }

    var streams: Bool { sends(.stream) }

    /// The limit of output tokens to send, where one is sent.
    func outputLimit(_ format: any WireFormat) -> Int? {
        guard let limit = maxOutputTokens ?? format.defaultMaxOutputTokens else { return nil }
        return min(limit, refused.outputLimit ?? .max)
    }
}

/// How much a model is to think before it answers.
public enum ReasoningEffort: String, Sendable, CaseIterable {
    case none, minimal, low, medium, high, xhigh, max
}

/// What a service answered, in the words of no API; it grows while a stream is read.
struct Answer {
    enum Ending: Equatable {
        /// Nothing has been said of an end.
        case unfinished
        case complete
        /// Stopped at the length limit.
        case lengthLimit
        /// The model, or a filter around it, declined; with its words where there are any.
        case refused(String?)
        /// The service gave up half-way, with its code for it and its words.
        case failed(code: String?, words: String)
    }

    private(set) var text = ""
    /// The end of the text that nobody has been told yet.
    private(set) var news = ""
    var model: String?
    var ending = Ending.unfinished
    var usage: Usage?
    /// The words of a refusal, until its end is told.
    var refusal = ""
    /// Whether the stream has told its end, so that nothing more is waited for.
    var isOver = false

    init() {}

    init(text: String, model: String?, ending: Ending, usage: Usage?) {
        (self.text, news, self.model, self.ending, self.usage, isOver) = (text, text, model, ending, usage, true)
    }

    mutating func add(_ text: String?) {
        guard let text else { return }
        self.text += text
        news += text
    }

    mutating func takeNews() -> String {
        defer { news = "" }
        return news
    }
}

extension WireFormat {
    var defaultMaxOutputTokens: Int? { nil }

    /// The header that most APIs take the key by.
    func bearer(_ key: APIKey?) -> [HTTPHeader] {
        key.map { [HTTPHeader(name: "Authorization", value: "Bearer \($0.value)")] } ?? []
    }
}

extension String {
    /// The text as one part of a path: all but RFC 3986's unreserved characters is percent-encoded.
    var percentEncoded: String {
        let digits = Array("0123456789ABCDEF")
        return utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }.joined()
    }
}
