import LanguageModel
import Testing

@Suite("Gemini") struct GeminiTests {
    private let stream = Canned(
        headers: ["Content-Type": "text/event-stream"],
        body: [
            #"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":50,"thoughtsTokenCount":30},"modelVersion":"gemini-2.5-pro"}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"one "}],"role":"model"},"index":0}],"modelVersion":"gemini-2.5-pro"}"#,
            #"{"candidates":[{"content":{"parts":[{"text":"two"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":50,"cachedContentTokenCount":40,"candidatesTokenCount":5,"thoughtsTokenCount":30,"totalTokenCount":85},"modelVersion":"gemini-2.5-pro"}"#,
        ].map { "data: \($0)\r\n\r\n" }.joined())

    private func options(_ service: Service, _ model: String = "gemini-2.5-pro") -> ModelOptions {
        ModelOptions(model: model, provider: .gemini, baseURL: service.base)
    }

    private let environment = ["GEMINI_API_KEY": secretKey]

    @Test("the conversation goes out in Google's words, with the key in a header and not in the address")
    func request() async throws {
        try await Service.answering(stream) { service in
            let conversation = prompt + [Message(role: .assistant, content: "r"), Message(role: .user, content: "u")]
            _ = await ask(options(service), environment, conversation)
            let received = try #require(service.received.first)
            #expect(received.path == "/v1beta/models/gemini-2.5-pro:streamGenerateContent")
            #expect(received.query == "alt=sse")
            #expect(received.headers["x-goog-api-key"] == secretKey)
            #expect(
                String(decoding: received.body, as: UTF8.self)
                    == #"{"systemInstruction":{"parts":[{"text":"You tune kernels."}]},"contents":["#
                    + #"{"role":"user","parts":[{"text":"Propose \"configs\" for a/b."}]},"#
                    + #"{"role":"model","parts":[{"text":"r"}]},{"role":"user","parts":[{"text":"u"}]}]}"#)
        }
    }

    @Test("the text is told as it streams, thoughts are skipped, and their tokens are among the output's")
    func streaming() async throws {
        try await Service.answering(stream) { service in
            let (result, events) = await listen(to: options(service), environment)
            let reply = try result.get()
            #expect(reply.text == "one two" && events.text == "one two")
            #expect(reply.model == "gemini-2.5-pro")
            #expect(reply.usage == Usage(inputTokens: 50, cachedInputTokens: 40, outputTokens: 35, reasoningTokens: 30))
        }
    }

    @Test("a schema goes with the type of its content, a limit and an effort by Google's names")
    func structured() async throws {
        try await Service.answering(stream) { service in
            for (model, thinking) in [
                ("gemini-2.5-pro", #"{"thinkingBudget":1024}"#),
                ("gemini-3.1-pro-preview", #"{"thinkingLevel":"low"}"#),
            ] {
                var options = options(service, model)
                options.maxOutputTokens = 99
                options.reasoningEffort = .low
                let model = try makeLanguageModel(options, environment: environment)
                #expect(model.schemaDialect == .gemini)
                _ = await listen(to: model, schema: configSchema)
                let body = String(decoding: try #require(service.received.last).body, as: UTF8.self)
                #expect(
                    body.contains(
                        #""generationConfig":{"maxOutputTokens":99,"thinkingConfig":"# + thinking
                            + #","responseMimeType":"application/json","responseJsonSchema":"# + configSchema.json + "}"
                    ))
            }
        }
    }

    private func ending(_ event: String) -> Canned {
        Canned(headers: ["Content-Type": "text/event-stream"], body: "data: \(event)\n\n")
    }

    @Test("a length limit is a truncated reply, filters and blocked prompts are refusals")
    func endings() async throws {
        let cut = ending(#"{"candidates":[{"content":{"parts":[{"text":"half"}]},"finishReason":"MAX_TOKENS"}]}"#)
        try await Service.answering(cut) { service in
            let reply = try await ask(options(service), environment).get()
            #expect(reply.isTruncated)
        }
        for event in [
            #"{"candidates":[{"finishReason":"PROHIBITED_CONTENT"}]}"#, #"{"promptFeedback":{"blockReason":"SAFETY"}}"#,
        ] {
            try await Service.answering(ending(event)) { service in
                #expect(await ask(options(service), environment).kind == .refusal)
            }
        }
    }

    @Test("errors are quoted, as a status and in the middle of a stream")
    func errors() async throws {
        let words = #"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#
        for answer in [Canned(status: 503, body: words), ending(words)] {
            try await Service.answering(answer) { service in
                let error = await ask(options(service), environment).error
                #expect(error?.kind == .server && error?.isTransient == true)
                #expect(error?.message.contains("The model is overloaded.") == true)
            }
        }
    }
}
