import Testing

@testable import LanguageModel

@Suite("Parameters that a service refuses") struct RefusedParameterTests {
    private func refusal(_ message: String, param: String? = nil, status: Int = 400) -> Canned {
        let param = param.map { "\"\($0)\"" } ?? "null"
        return Canned(status: status, body: #"{"error":{"message":"\#(message)","param":\#(param)}}"#)
    }

    @Test("a temperature that is refused is left out, with a note, and for all of the run")
    func temperature() async throws {
        let answer = refusal(
            "Unsupported value: 'temperature' does not support 0.2 with this model.", param: "temperature")
        try await Service.answering(answer, chatAnswer()) { service in
            var options = chat(at: service.base)
            options.temperature = 0.2
            let model = try makeLanguageModel(options, environment: [:])
            let (result, events) = await listen(to: model)
            let reply = try result.get()
            #expect(reply.text == "hello")
            #expect(events.notes.count == 1 && reply.notes == events.notes)
            #expect(events.notes.first?.hasSuffix("(HTTP 400): the temperature is left out from now on") == true)
            _ = await listen(to: model)
            #expect(service.received.map { $0.json("temperature") } == ["0.2", nil, nil])
        }
    }

    @Test("the limit of output tokens goes by its other name where one is refused")
    func limitName() async throws {
        let answer = refusal(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
        try await Service.answering(answer, chatAnswer()) { service in
            var options = chat(at: service.base)
            options.maxOutputTokens = 77
            _ = try await ask(options, [:]).get()
            #expect(service.received.map { $0.json("max_tokens") } == ["77", nil])
            #expect(service.received.map { $0.json("max_completion_tokens") } == [nil, "77"])
        }
    }

    @Test("a limit that the service finds too high is lowered to the one that it names")
    func limitTooHigh() async throws {
        let answer = refusal("max_tokens: 48000 > 32000, which is the maximum allowed number of output tokens")
        let message = Canned(body: #"{"content":[{"type":"text","text":"x"}],"stop_reason":"end_turn"}"#)
        try await Service.answering(answer, message) { service in
            let model = try makeLanguageModel(
                ModelOptions(model: "claude-next-7", provider: .anthropic, baseURL: service.base), environment: keys)
            let reply = try await listen(to: model).result.get()
            #expect(reply.notes.first?.hasSuffix("the limit of output tokens is lowered to 32000") == true)
            _ = await listen(to: model)
            #expect(service.received.map { $0.json("max_tokens") } == ["48000", "32000", "32000"])
        }
    }

    @Test("several refusals are answered one after the other")
    func several() async throws {
        try await Service.answering(
            refusal("Unknown name stream_options"),
            refusal("reasoning_effort: Extra inputs are not permitted", status: 422),
            chatAnswer()
        ) { service in
            var options = chat(at: service.base)
            options.reasoningEffort = .high
            let reply = try await ask(options, [:]).get()
            #expect(reply.notes.count == 2)
            #expect(service.received.last?.json("stream_options") == nil)
            #expect(service.received.last?.json("reasoning_effort") == nil)
            #expect(service.received.last?.json("stream") == "true")
        }
    }

    @Test("a service that cannot stream is asked for the whole")
    func streaming() async throws {
        let answer = refusal("Your organization must be verified to stream this model.", param: "stream")
        let whole = Canned(
            body: #"{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"x"}]}]}"#
        )
        try await Service.answering(answer, whole) { service in
            let (result, events) = await listen(
                to: ModelOptions(model: "gpt-5", provider: .openai, baseURL: service.base))
            let reply = try result.get()
            #expect(reply.text == "x" && events.text == "x")
            #expect(service.received.map { $0.json("stream") } == ["true", nil])
        }
    }

    @Test("Gemini without streaming is another address")
    func geminiStreaming() async throws {
        let whole = Canned(body: #"{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}]}"#)
        try await Service.answering(refusal("streaming is not enabled"), whole) { service in
            let options = ModelOptions(model: "gemini-2.5-pro", provider: .gemini, baseURL: service.base)
            let reply = try await ask(options, ["GEMINI_API_KEY": secretKey]).get()
            #expect(reply.text == "x")
            #expect(service.received.last?.path == "/v1beta/models/gemini-2.5-pro:generateContent")
            #expect(service.received.last?.query == "")
        }
    }

    @Test("a schema that is refused in both of its forms is left out, and free text is asked for from then on")
    func schema() async throws {
        try await Service.answering(
            refusal("Input should be 'text' or 'json_object' at response_format.type", status: 422),
            Canned(status: 500, body: #"{"error":{"message":"failed to parse grammar"}}"#), chatAnswer()
        ) { service in
            let model = try makeLanguageModel(chat(at: service.base), environment: [:])
            let (result, events) = await listen(to: model, schema: configSchema)
            let reply = try result.get()
            #expect(reply.text == "hello")
            #expect(events.notes.last?.hasSuffix("structured output is left out from now on") == true)
            let formats = service.received.map { $0.json("response_format")?.contains("json_schema") }
            #expect(formats == [true, false, nil])
            #expect(model.schemaDialect == nil)
        }
    }

    @Test("OpenAI has one form of a schema")
    func openAISchema() async throws {
        let whole = Canned(
            body: #"{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"x"}]}]}"#
        )
        try await Service.answering(
            refusal("Invalid schema for response_format 'configs'", param: "text.format.schema"), whole
        ) {
            service in
            let options = ModelOptions(model: "gpt-5", provider: .openai, baseURL: service.base)
            let reply = try await ask(options, schema: configSchema).get()
            #expect(reply.notes.count == 1)
            #expect(service.received.map { $0.json("text") == nil } == [false, true])
        }
    }

    @Test("a schema that the user insists on is an error where it is refused")
    func insisted() async throws {
        try await Service.answering(refusal("response_format is not supported")) { service in
            var options = chat(at: service.base)
            options.structured = .on
            let error = await ask(options, [:], schema: configSchema).error
            #expect(error?.kind == .badRequest)
            #expect(error?.message.contains("response_format is not supported") == true)
        }
    }

    @Test("a model that is known to take no schema is not sent one, unless the user insists")
    func knownUnable() async throws {
        try await Service.answering(chatAnswer()) { service in
            var options = ModelOptions(model: "gpt-4-turbo", provider: .chat, baseURL: service.base)
            _ = await ask(options, [:], schema: configSchema)
            options.structured = .on
            _ = await ask(options, [:], schema: configSchema)
            #expect(service.received.map { $0.json("response_format") == nil } == [true, false])
        }
    }

    @Test("a schema that the user does not want is not sent, and none is asked for")
    func unwanted() async throws {
        try await Service.answering(chatAnswer()) { service in
            var options = chat(at: service.base)
            options.structured = .off
            let model = try makeLanguageModel(options, environment: [:])
            #expect(model.schemaDialect == nil)
            _ = await listen(to: model, schema: configSchema)
            #expect(service.received.first?.json("response_format") == nil)
        }
    }

    @Test("a refusal that names nothing of the request is an error", arguments: ["the prompt is empty", "schematic"])
    func other(message: String) async throws {
        try await Service.answering(refusal(message), chatAnswer()) { service in
            #expect(await ask(chat(at: service.base), [:], schema: configSchema).kind == .badRequest)
            #expect(service.received.count == 1)
        }
    }
}
