/// Anthropic's Messages API, as Anthropic serves it itself; `AnthropicElsewhere` has it at Amazon and Google.
///
/// <https://platform.claude.com/docs/en/api/messages>, <https://platform.claude.com/docs/en/build-with-claude/streaming>
struct AnthropicMessages: WireFormat {
    /// Tokens of a reply without its reasoning: room for some dozen configs.
    static let replyTokens = 16_000

    var model: String

    var schemaDialect: SchemaDialect { .anthropic }

    /// The API wants a limit.
    var defaultMaxOutputTokens: Int? {
        let facts = ModelFacts.of(model)
        return min(Self.replyTokens + facts.reasoningReserve, facts.maxOutputTokens ?? .max)
    }

    func target(streams: Bool) -> CallTarget { CallTarget(path: "v1/messages") }

    func headers(key: APIKey?) -> [HTTPHeader] {
        let version = HTTPHeader(name: "anthropic-version", value: "2023-06-01")
        return [version] + (key.map { [HTTPHeader(name: "x-api-key", value: $0.value)] } ?? [])
    }

    func body(_ call: ModelCall) -> JSONText {
        JSONText.members(["model": .string(model)]).adding(content(call))
            .adding(.members(["stream": call.streams ? true : nil]))
    }

    /// What of a body does not depend on who serves it.
    func content(_ call: ModelCall) -> JSONText {
        let system = call.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        let turns = call.messages.filter { $0.role != .system }
        let firstPrompt = turns.firstIndex { $0.role == .user }
        // The prompt cache is told where its entries end: after the kernel and the space, which every round repeats,
        // and after the latest message, which the next round repeats.
        let messages = turns.enumerated().map { index, message in
            let isMarked = call.sends(.promptCaching) && (index == firstPrompt || index == turns.count - 1)
            return JSONText.members([
                "role": .string(message.role.rawValue),
                "content": isMarked ? .array([Self.cachedText(message.content)]) : .string(message.content),
            ])
        }
        let output = JSONText.members([
            "effort": call.sends(.reasoningEffort) ? call.reasoningEffort.map { .string($0.rawValue) } : nil,
            "format": call.sends(.schema)
                ? call.schema.map { .members(["type": "json_schema", "schema": .json($0.json)]) } : nil,
        ])
        return .members([
            "max_tokens": .int(call.outputLimit(self) ?? Self.replyTokens),
            "temperature": call.sends(.temperature) ? call.temperature.map { .double($0) } : nil,
            "output_config": output.isEmptyObject ? nil : output,
            "system": system.isEmpty ? nil : .string(system),
            "messages": .array(messages),
        ])
    }

    private static func cachedText(_ text: String) -> JSONText {
        .members(["type": "text", "text": .string(text), "cache_control": .members(["type": "ephemeral"])])
    }

    func read(_ answer: JSONValue) -> Answer? {
        guard let blocks = answer["content"]?.array else { return nil }
        // Thinking blocks stand beside the text.
        let text = blocks.compactMap { $0["type"]?.string == "text" ? $0["text"]?.string : nil }.joined()
        return Answer(
            text: text, model: answer["model"]?.string, ending: Self.ending(answer["stop_reason"]?.string),
            usage: answer["usage"].map { Self.usage($0) })
    }

    func read(_ event: JSONValue, named name: String?, into answer: inout Answer) {
        switch event["type"]?.string {
        case "message_start":
            answer.model = event["message"]?["model"]?.string
            answer.usage = event["message"]?["usage"].map { Self.usage($0) }
        case "content_block_start":
            if event["content_block"]?["type"]?.string == "text" { answer.add(event["content_block"]?["text"]?.string) }
        case "content_block_delta":
            if event["delta"]?["type"]?.string == "text_delta" { answer.add(event["delta"]?["text"]?.string) }
        case "message_delta":
            if let reason = event["delta"]?["stop_reason"]?.string { answer.ending = Self.ending(reason) }
            // The counts here are those of the whole message; those that are missing were told at its start.
            if let usage = event["usage"] { answer.usage = Self.usage(usage, after: answer.usage) }
        case "message_stop":
            if answer.ending == .unfinished { answer.ending = .complete }
            answer.isOver = true
        case "error":
            answer.ending = .failed(
                code: event["error"]?["type"]?.string, words: event["error"]?["message"]?.string ?? "no reason given")
            answer.isOver = true
        default: break
        }
    }

    private static func ending(_ reason: String?) -> Answer.Ending {
        switch reason {
        case "max_tokens", "model_context_window_exceeded": .lengthLimit
        case "refusal": .refused(nil)
        default: .complete
        }
    }

    /// Anthropic counts what was read from and written to the cache beside `input_tokens`, not among them.
    private static func usage(_ counts: JSONValue, after earlier: Usage? = nil) -> Usage {
        let read = counts["cache_read_input_tokens"]?.int
        let written = counts["cache_creation_input_tokens"]?.int
        let input = counts["input_tokens"]?.int.map { $0 + (read ?? 0) + (written ?? 0) }
        return Usage(
            inputTokens: input ?? earlier?.inputTokens, cachedInputTokens: read ?? earlier?.cachedInputTokens,
            cacheWriteTokens: written ?? earlier?.cacheWriteTokens,
            outputTokens: counts["output_tokens"]?.int ?? earlier?.outputTokens,
            reasoningTokens: counts["output_tokens_details"]?["thinking_tokens"]?.int ?? earlier?.reasoningTokens)
    }
}
