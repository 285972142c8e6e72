import LanguageModel
import Testing

@Suite("Anthropic Messages") struct AnthropicMessagesTests {
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
        let conversation =
            prompt + [Message(role: .assistant, content: "first"), Message(role: .user, content: "again")]
        try await Service.answering(answer(content: #"{"type":"text","text":"x"}"#)) { service in
            _ = await ask(options(service), keys, conversation)
            let received = try #require(service.received.first)
            #expect(received.path == "/v1/messages")
            #expect(received.headers["x-api-key"] == secretKey)
            #expect(received.headers["authorization"] == nil)
            #expect(received.headers["anthropic-version"] == "2023-06-01")
            #expect(
                String(decoding: received.body, as: UTF8.self)
                    == #"{"max_tokens":16000,"messages":[{"content":"Propose \"configs\" for a/b.","role":"user"},"#
                    + #"{"content":"first","role":"assistant"},{"content":"again","role":"user"}],"#
                    + #""model":"claude-sonnet-4-5","system":"You tune kernels."}"#)
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

    @Test("text blocks are joined and thinking is skipped")
    func reply() async throws {
        let content =
            #"{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"a"},{"type":"text","text":"b"}"#
        try await Service.answering(answer(content: content)) { service in
            let reply = try await ask(options(service)).get()
            #expect(reply.text == "ab")
            #expect(reply.model == "claude-sonnet-4-5-20250929")
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
}
