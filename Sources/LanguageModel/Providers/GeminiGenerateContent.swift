/// Google's Gemini API.
///
/// <https://ai.google.dev/api/generate-content>
struct GeminiGenerateContent: WireFormat {
    var model: String

    var schemaDialect: SchemaDialect { .gemini }

    func target(streams: Bool) -> CallTarget {
        let name = model.hasPrefix("models/") ? String(model.dropFirst("models/".count)) : model
        let call = "v1beta/models/\(name.percentEncoded)"
        return streams
            ? CallTarget(path: "\(call):streamGenerateContent", query: "alt=sse")
            : CallTarget(path: "\(call):generateContent")
    }

    func headers(key: APIKey?) -> [HTTPHeader] {
        key.map { [HTTPHeader(name: "x-goog-api-key", value: $0.value)] } ?? []
    }

    func body(_ call: ModelCall) -> JSONText {
        let system = call.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        let schema = call.sends(.schema) ? call.schema : nil
        let config = JSONText.members([
            "maxOutputTokens": call.outputLimit(self).map { .int($0) },
            "temperature": call.sends(.temperature) ? call.temperature.map { .double($0) } : nil,
            "thinkingConfig": call.sends(.reasoningEffort) ? call.reasoningEffort.map(thinking) : nil,
            "responseMimeType": schema.map { _ in "application/json" },
            "responseJsonSchema": schema.map { .json($0.json) },
        ])
        return .members([
            "systemInstruction": system.isEmpty
                ? nil : .members(["parts": .array([.members(["text": .string(system)])])]),
            "contents": .array(
                call.messages.filter { $0.role != .system }.map { message in
                    .members([
                        "role": message.role == .assistant ? "model" : "user",
                        "parts": .array([.members(["text": .string(message.content)])]),
                    ])
                }),
            "generationConfig": config.isEmptyObject ? nil : config,
        ])
    }

    /// Gemini 3 takes levels, 2.5 budgets in tokens; those are what Google itself makes of the levels
    /// (ai.google.dev/gemini-api/docs/openai).
    private func thinking(_ effort: ReasoningEffort) -> JSONText {
        guard ModelFacts.baseName(model).hasPrefix("gemini-2.5") else {
            let level: JSONText =
                switch effort {
                case .none, .minimal: "minimal"
                case .low: "low"
                case .medium: "medium"
                case .high, .xhigh, .max: "high"
                }
            return .members(["thinkingLevel": level])
        }
        let budget: JSONText =
            switch effort {
            case .none: 0
            case .minimal, .low: 1024
            case .medium: 8192
            case .high, .xhigh, .max: 24576
            }
        return .members(["thinkingBudget": budget])
    }

    func read(_ answer: JSONValue) -> Answer? {
        guard answer["candidates"] != nil || answer["promptFeedback"] != nil else { return nil }
        var read = Answer()
        self.read(answer, named: nil, into: &read)
        if read.ending == .unfinished { read.ending = .complete }
        return read
    }

    /// Each event is an answer of its own, with the text that came since the last one.
    func read(_ event: JSONValue, named name: String?, into answer: inout Answer) {
        if let error = event["error"] {
            answer.ending = .failed(
                code: error["status"]?.string ?? error["code"]?.words,
                words: error["message"]?.string ?? "no reason given")
            answer.isOver = true
            return
        }
        answer.model = event["modelVersion"]?.string ?? answer.model
        answer.usage = event["usageMetadata"].map(Self.usage) ?? answer.usage
        if let reason = event["promptFeedback"]?["blockReason"]?.string {
            answer.ending = .refused("the prompt was blocked: \(reason)")
        }
        guard let candidate = event["candidates"]?.array?.first else { return }
        for part in candidate["content"]?["parts"]?.array ?? [] where part["thought"]?.bool != true {
            answer.add(part["text"]?.string)
        }
        switch candidate["finishReason"]?.string {
        case nil, "FINISH_REASON_UNSPECIFIED": break
        case "STOP": answer.ending = .complete
        case "MAX_TOKENS": answer.ending = .lengthLimit
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII":
            answer.ending = .refused(nil)
        case .some(let reason): answer.ending = .failed(code: reason, words: "finish reason \(reason)")
        }
    }

    /// Google counts thoughts beside the candidates' tokens, not among them.
    private static func usage(_ counts: JSONValue) -> Usage {
        let thoughts = counts["thoughtsTokenCount"]?.int
        let output = counts["candidatesTokenCount"]?.int.map { $0 + (thoughts ?? 0) } ?? thoughts
        return Usage(
            inputTokens: counts["promptTokenCount"]?.int,
            cachedInputTokens: counts["cachedContentTokenCount"]?.int, outputTokens: output, reasoningTokens: thoughts)
    }
}
