/// OpenAI's Responses API.
///
/// <https://developers.openai.com/api/reference/resources/responses>
struct OpenAIResponses: WireFormat {
    var model: String

    var schemaDialect: SchemaDialect { .openAI }

    func target(streams: Bool) -> CallTarget { CallTarget(path: "responses") }

    func headers(key: APIKey?) -> [HTTPHeader] { bearer(key) }

    func body(_ call: ModelCall) -> JSONText {
        .members([
            "model": .string(model),
            "input": .array(
                call.messages.map { .members(["role": .string($0.role.rawValue), "content": .string($0.content)]) }),
            "max_output_tokens": call.outputLimit(self).map { .int($0) },
            "temperature": call.sends(.temperature) ? call.temperature.map { .double($0) } : nil,
            "reasoning": call.sends(.reasoningEffort)
                ? call.reasoningEffort.map { .members(["effort": .string($0.rawValue)]) } : nil,
            "text": call.sends(.schema)
                ? call.schema.map { schema in
                    .members([
                        "format": .members([
                            "type": "json_schema", "name": .string(schema.name), "strict": true,
                            "schema": .json(schema.json),
                        ])
                    ])
                } : nil,
            "prompt_cache_key": call.sends(.promptCaching) ? .string(call.cacheKey) : nil,
            // The conversation travels whole each time; a kernel's source need not stay with the service.
            "store": call.sends(.store) ? false : nil,
            "stream": call.streams ? true : nil,
        ])
    }

    func read(_ answer: JSONValue) -> Answer? {
        guard let output = answer["output"]?.array else { return nil }
        // Reasoning and tool items stand beside the messages.
        let parts = output.filter { $0["type"]?.string == "message" }.flatMap { $0["content"]?.array ?? [] }
        let text = parts.compactMap { $0["type"]?.string == "output_text" ? $0["text"]?.string : nil }.joined()
        let refusal = parts.compactMap { $0["refusal"]?.string }.joined()
        return Answer(
            text: text, model: answer["model"]?.string, ending: Self.ending(of: answer, refusal: refusal),
            usage: answer["usage"].map(Self.usage))
    }

    func read(_ event: JSONValue, named name: String?, into answer: inout Answer) {
        switch event["type"]?.string ?? name {
        case "response.created", "response.in_progress":
            answer.model = event["response"]?["model"]?.string ?? answer.model
        case "response.output_text.delta": answer.add(event["delta"]?.string)
        case "response.refusal.delta": answer.refusal += event["delta"]?.string ?? ""
        case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
            guard let response = event["response"] else { return }
            answer.model = response["model"]?.string ?? answer.model
            answer.usage = response["usage"].map(Self.usage) ?? answer.usage
            answer.ending = Self.ending(of: response, refusal: answer.refusal)
            answer.isOver = true
        case "error":
            // In the stream's own shape, and in that of the API's other errors.
            let error = event["error"] ?? event
            answer.ending = .failed(
                code: error["code"]?.words ?? error["type"]?.string,
                words: error["message"]?.string ?? "no reason given")
            answer.isOver = true
        default: break
        }
    }

    private static func ending(of response: JSONValue, refusal: String) -> Answer.Ending {
        if !refusal.isEmpty { return .refused(refusal) }
        switch (response["status"]?.string, response["incomplete_details"]?["reason"]?.string) {
        case ("incomplete", "content_filter"): return .refused(nil)
        case ("incomplete", _): return .lengthLimit
        case ("failed", _), ("cancelled", _):
            let error = response["error"]
            return .failed(code: error?["code"]?.words, words: error?["message"]?.string ?? "no reason given")
        default: return .complete
        }
    }

    private static func usage(_ counts: JSONValue) -> Usage {
        Usage(
            inputTokens: counts["input_tokens"]?.int,
            cachedInputTokens: counts["input_tokens_details"]?["cached_tokens"]?.int,
            cacheWriteTokens: counts["input_tokens_details"]?["cache_write_tokens"]?.int,
            outputTokens: counts["output_tokens"]?.int,
            reasoningTokens: counts["output_tokens_details"]?["reasoning_tokens"]?.int)
    }
}
