/// Something that answers a conversation: a service, a local server, a program, or a recording.
///
/// A model keeps no state of the conversation between calls: the whole of it goes in each time.
public protocol LanguageModel: Sendable {
    /// How prompts, logs and files call it, such as `gpt-5 (openai)` or `replay Examples/matmul-cpu/replies`.
    var name: String { get }

    /// The rules that a schema has to keep so that this model's replies can be bound to it; nil where they cannot be,
    /// or where the user wants free text.
    var schemaDialect: SchemaDialect? { get }

    /// Asks for the next message of the conversation, telling what comes while it comes.
    ///
    /// Events are told in order, and all of them before this returns; the reply's text is what the `text` events since
    /// the last `restart` join to. Whoever only wants the reply leaves `onEvent` out.
    ///
    /// Cancelling the task ends the request at once, with an error of the kind `cancelled`.
    func reply(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async -> Void
    ) async throws(LanguageModelError) -> Reply
}

extension LanguageModel {
    public var schemaDialect: SchemaDialect? { nil }

    public func reply(to request: ModelRequest) async throws(LanguageModelError) -> Reply {
        try await reply(to: request, onEvent: { _ in })
    }
}

/// What a model is asked.
public struct ModelRequest: Sendable, Equatable {
    public var messages: [Message]
    /// What the reply is to look like, where the model can be bound to it (`LanguageModel.schemaDialect`); nil for free
    /// text. A model that cannot is asked without it.
    public var responseSchema: ResponseSchema?

    public init(messages: [Message], responseSchema: ResponseSchema? = nil) {
        self.messages = messages
        self.responseSchema = responseSchema
    }
}

/// A JSON Schema for a reply.
public struct ResponseSchema: Sendable, Equatable {
    /// What services call it: letters, digits, `_` and `-`, at most 64 of them.
    public var name: String
    /// The schema as JSON text. It is sent as it is: the order of its properties is the order they are written in.
    public var json: String

    public init(name: String, json: String) {
        self.name = name
        self.json = json
    }
}

/// Which of JSON Schema's keywords, and how much of it, a service takes.
public enum SchemaDialect: String, Sendable, CaseIterable {
    /// OpenAI's strict mode: every property required, `additionalProperties` false; at most 5,000 properties, 10 levels
    /// and 1,000 enum values.
    case openAI = "openai"
    /// Anthropic's structured outputs: `additionalProperties` false; no `minimum`, `maximum` or `maxItems`, and
    /// `minItems` of 0 or 1 alone.
    case anthropic
    /// Gemini's `responseJsonSchema`.
    case gemini
    /// Servers that make a grammar of the schema, such as llama.cpp, vLLM and Ollama.
    case grammar
}

/// What is told while a reply comes.
public enum ModelEvent: Sendable, Equatable {
    /// More of the reply's text.
    case text(String)
    /// What was told as text until now is void: the reply is asked for anew, for this reason.
    case restart(reason: String)
    /// Something the user should know at once, such as that a limit of the service is waited for.
    case note(String)
}
