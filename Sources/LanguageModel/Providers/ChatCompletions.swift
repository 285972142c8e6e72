/// The Chat Completions API, as OpenAI, Azure, OpenRouter, Groq, vLLM, llama.cpp, Ollama, LM Studio and others have it.
///
/// <https://developers.openai.com/api/reference/resources/chat>
struct ChatCompletions: WireFormat {
    /// How the key is sent.
    enum KeyHeader { case bearer, apiKey }

    var model: String
    /// Whether the service is OpenAI's own, or one with the same rules.
    var isOpenAI = false
    /// Whether a limit goes by the newer name, which OpenAI's reasoning models insist on and some servers do not know.
    var usesCompletionTokens = false
    /// Whether a schema goes as `json_object` with a schema, which llama.cpp's servers know in all their versions.
    var usesObjectForm = false
    var keyHeader = KeyHeader.bearer
    /// The path and query of Azure's older addresses, which name the deployment and a version.
    var azureTarget: CallTarget?

    var schemaDialect: SchemaDialect { isOpenAI ? .openAI : .grammar }

    func target(streams: Bool) -> CallTarget { azureTarget ?? CallTarget(path: "chat/completions") }

    func headers(key: APIKey?) -> [HTTPHeader] {
        switch keyHeader {
        case .bearer: bearer(key)
        case .apiKey: key.map { [HTTPHeader(name: "api-key", value: $0.value)] } ?? []
        }
    }

    func body(_ call: ModelCall) -> JSONText {
        let limit = call.outputLimit(self).map { JSONText.int($0) }
        let usesNewName = usesCompletionTokens != call.refused.usesOtherLimitName
        let asksForUsage = call.streams && call.sends(.streamUsage)
        return .members([
            "model": .string(model),
            "messages": .array(
                call.messages.map { .members(["role": .string($0.role.rawValue), "content": .string($0.content)]) }),
            "max_completion_tokens": usesNewName ? limit : nil,
            "max_tokens": usesNewName ? nil : limit,
            "temperature": call.sends(.temperature) ? call.temperature.map { .double($0) } : nil,
            "reasoning_effort": call.sends(.reasoningEffort)
                ? call.reasoningEffort.map { .string($0.rawValue) } : nil,
            "response_format": call.sends(.schema) ? call.schema.map { format($0, call) } : nil,
            "prompt_cache_key": isOpenAI && call.sends(.promptCaching) ? .string(call.cacheKey) : nil,
            "stream": call.streams ? true : nil,
            "stream_options": asksForUsage ? .members(["include_usage": true]) : nil,
        ])
    }

    private func format(_ schema: ResponseSchema, _ call: ModelCall) -> JSONText {
        if usesObjectForm != call.refused.usesOtherSchemaForm {
            return .members(["type": "json_object", "schema": .json(schema.json)])
        }
        let named = JSONText.members(["name": .string(schema.name), "strict": true, "schema": .json(schema.json)])
        return .members(["type": "json_schema", "json_schema": named])
    }

    func read(_ answer: JSONValue) -> Answer? {
        guard let choice = answer["choices"]?.array?.first, let message = choice["message"] else { return nil }
        let refusal = message["refusal"]?.string ?? Self.parts(of: message).compactMap { $0["refusal"]?.string }.first
        return Answer(
            text: Self.text(of: message), model: answer["model"]?.string,
            ending: Self.ending(of: choice, refusal: refusal ?? ""), usage: answer["usage"].map(Self.usage))
    }

    func read(_ event: JSONValue, named name: String?, into answer: inout Answer) {
        if let error = event["error"] {
            answer.ending = .failed(
                code: error["code"]?.words ?? error["type"]?.string,
                words: ServiceMessage.words(in: error) ?? "no reason given")
            answer.isOver = true
            return
        }
        if let model = event["model"]?.string, !model.isEmpty { answer.model = model }
        // In a chunk of its own at the end; Groq has it apart.
        if let usage = event["usage"] ?? event["x_groq"]?["usage"] { answer.usage = Self.usage(usage) }
        guard let choice = event["choices"]?.array?.first else { return }
        if let delta = choice["delta"] {
            answer.add(Self.text(of: delta))
            answer.refusal += delta["refusal"]?.string ?? ""
        }
        if choice["finish_reason"]?.string != nil { answer.ending = Self.ending(of: choice, refusal: answer.refusal) }
    }

    private static func text(of message: JSONValue) -> String {
        message["content"]?.string ?? parts(of: message).compactMap { $0["text"]?.string }.joined()
    }

    private static func parts(of message: JSONValue) -> [JSONValue] { message["content"]?.array ?? [] }

    private static func ending(of choice: JSONValue, refusal: String) -> Answer.Ending {
        if !refusal.isEmpty { return .refused(refusal) }
        switch choice["finish_reason"]?.string {
        case "length": return .lengthLimit
        case "content_filter": return .refused(nil)
        // OpenRouter's way of telling that the server behind it failed.
        case "error":
            return .failed(
                code: choice["error"]?["code"]?.words, words: choice["error"]?["message"]?.string ?? "no reason given")
        default: return .complete
        }
    }

    private static func usage(_ counts: JSONValue) -> Usage {
        Usage(
            inputTokens: counts["prompt_tokens"]?.int,
            cachedInputTokens: counts["prompt_tokens_details"]?["cached_tokens"]?.int,
            cacheWriteTokens: counts["prompt_tokens_details"]?["cache_write_tokens"]?.int,
            outputTokens: counts["completion_tokens"]?.int,
            reasoningTokens: counts["completion_tokens_details"]?["reasoning_tokens"]?.int)
    }
}
