import LanguageModel
import Testing

@Suite("Anthropic Messages") struct AnthropicMessagesTests {
    /// What the API streams for a reply in two pieces, after some thinking.
    static let events = [
        #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-5-20250929","stop_reason":null,"usage":{"input_tokens":12,"cache_creation_input_tokens":100,"cache_read_input_tokens":300,"output_tokens":1}}}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
        #"{"type":"ping"}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
        #"{"type":"content_block_stop","index":0}"#,
        #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
        #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"{\"a\":"}}"#,
        #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"1}"}}"#,
        #"{"type":"content_block_stop","index":1}"#,
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":88}}"#,
        #"{"type":"message_stop"}"#,
    ]

    /// A stream of these events, each with its type.
    static func stream(_ events: [String]) -> Canned {
        Canned(
            headers: ["Content-Type": "text/event-stream; charset=utf-8"],
            body: events.map { event in
                let type = event.firstMatch(of: /^\{"type":"([a-z_]+)"/).map { String($0.output.1) } ?? ""
                return "event: \(type)\ndata: \(event)\n\n"
            }.joined())
    }

    private func answer(stop: String = "end_turn", content: String) -> Canned {
        Canned(
            body: """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929",
                 "content":[\(content)],"stop_reason":"\(stop)","stop_sequence":null,
                 "usage":{"input_tokens":412,"output_tokens":88}}
                """)
    }

    private func options(_ service: Service) -> ModelOptions {
        ModelOptions(model: "claude-sonnet-4-5", provider: .anthropic, baseURL: service.base)
    }

    @Test("the system prompt is a field of its own, and version, key and limit are always sent")
    func request() async throws {
        try await Service.answering(Self.stream(Self.events)) { service in
            _ = await ask(options(service))
            let received = try #require(service.received.first)
            #expect(received.path == "/v1/messages")
            #expect(received.headers["x-api-key"] == secretKey)
            #expect(received.headers["authorization"] == nil)
            #expect(received.headers["anthropic-version"] == "2023-06-01")
            #expect(
                String(decoding: received.body, as: UTF8.self)
                    == #"{"model":"claude-sonnet-4-5","max_tokens":16000,"system":"You tune kernels.","messages":["#
                    + #"{"role":"user","content":[{"type":"text","text":"Propose \"configs\" for a/b.","#
                    + #""cache_control":{"type":"ephemeral"}}]}],"stream":true}"#)
        }
    }

    @Test(
        "the prompt cache is told of the first prompt and of the latest, so that each round reads what the last wrote")
    func caching() async throws {
        let conversation =
            prompt + [
                Message(role: .assistant, content: "r0"), Message(role: .user, content: "u1"),
                Message(role: .assistant, content: "r1"), Message(role: .user, content: "u2"),
            ]
        try await Service.answering(Self.stream(Self.events)) { service in
            _ = await ask(options(service), keys, conversation)
            let messages = try #require(service.received.first?.json("messages"))
            #expect(messages.ranges(of: "cache_control").count == 2)
            let u2 = #"{"content":[{"cache_control":{"type":"ephemeral"},"text":"u2","type":"text"}],"role":"user"}"#
            #expect(messages.contains(u2))
            #expect(messages.contains(#"{"content":"u1","role":"user"}"#))
        }
    }

    @Test("a model that thinks is granted tokens for it, within what it allows")
    func reserve() async throws {
        try await Service.answering(Self.stream(Self.events)) { service in
            for (model, limit) in [("claude-opus-5-5", "48000"), ("claude-3-5-haiku-20241022", "8192")] {
                _ = await ask(ModelOptions(model: model, provider: .anthropic, baseURL: service.base))
                #expect(service.received.last?.json("max_tokens") == limit)
            }
        }
    }

    @Test("the text is told as it streams, thinking is skipped, and cached tokens are among the input's")
    func streaming() async throws {
        try await Service.answering(Self.stream(Self.events)) { service in
            let (result, events) = await listen(to: options(service))
            let reply = try result.get()
            #expect(events.pieces.joined() == #"{"a":1}"#)
            #expect(reply.text == #"{"a":1}"#)
            #expect(reply.model == "claude-sonnet-4-5-20250929")
            #expect(
                reply.usage
                    == Usage(inputTokens: 412, cachedInputTokens: 300, cacheWriteTokens: 100, outputTokens: 88))
        }
    }

    @Test("a schema and an effort go into the output's config, a schema not to models that know none")
    func structured() async throws {
        try await Service.answering(Self.stream(Self.events)) { service in
            var options = options(service)
            options.reasoningEffort = .high
            let model = try makeLanguageModel(options, environment: keys)
            #expect(model.schemaDialect == .anthropic)
            _ = await listen(to: model, schema: configSchema)
            let body = String(decoding: try #require(service.received.first).body, as: UTF8.self)
            #expect(
                body.contains(
                    #""output_config":{"effort":"high","format":{"type":"json_schema","schema":"#
                        + configSchema.json + "}}"))
            options.model = "claude-3-5-sonnet-20241022"
            #expect(try makeLanguageModel(options, environment: keys).schemaDialect == nil)
        }
    }

    @Test(
        "the address of the environment is used, and its own /v1 is not doubled",
        arguments: ["", "/", "/v1", "/v1/messages"])
    func baseFromEnvironment(suffix: String) async throws {
        try await Service.answering(answer(content: #"{"type":"text","text":"x"}"#)) { service in
            let environment = ["ANTHROPIC_BASE_URL": service.base + suffix, "ANTHROPIC_API_KEY": secretKey]
            let reply = try await ask(ModelOptions(model: "claude-opus-4-1", maxOutputTokens: 99), environment).get()
            #expect(reply.text == "x")
            #expect(service.received.first?.path == "/v1/messages")
            #expect(service.received.first?.json("max_tokens") == "99")
        }
    }

    @Test("text blocks of an answer that comes whole are joined, and thinking is skipped")
    func document() async throws {
        let content =
            #"{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"a"},{"type":"text","text":"b"}"#
        try await Service.answering(answer(content: content)) { service in
            let reply = try await ask(options(service)).get()
            #expect(reply.text == "ab")
            #expect(reply.usage == Usage(inputTokens: 412, outputTokens: 88))
        }
    }

    @Test(
        "both of the length limits are a truncated reply", arguments: ["max_tokens", "model_context_window_exceeded"])
    func truncated(stop: String) async throws {
        try await Service.answering(answer(stop: stop, content: #"{"type":"text","text":"a"}"#)) { service in
            let reply = try await ask(options(service)).get()
            #expect(reply.isTruncated)
        }
    }

    @Test("a refusal and an empty answer are errors of their own")
    func refusal() async throws {
        try await Service.answering(answer(stop: "refusal", content: "")) { service in
            #expect(await ask(options(service)).kind == .refusal)
        }
        try await Service.answering(answer(content: "")) { service in
            #expect(await ask(options(service)).kind == .emptyReply)
        }
    }

    @Test(
        "an error in the middle of a stream is the service's error, to be tried again or not by its type",
        arguments: [("overloaded_error", true), ("invalid_request_error", false)])
    func errorInside(type: String, isTransient: Bool) async throws {
        let error = #"{"type":"error","error":{"type":"\#(type)","message":"Overloaded"}}"#
        try await Service.answering(Self.stream(Self.events.prefix(7) + [error])) { service in
            let error = await ask(options(service)).error
            #expect(error?.kind == .server)
            #expect(error?.message.contains("Overloaded") == true)
            #expect(error?.isTransient == isTransient)
            #expect(error?.usage?.inputTokens == 412)
        }
    }
}
