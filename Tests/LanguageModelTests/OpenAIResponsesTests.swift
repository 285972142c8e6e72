import LanguageModel
import Testing

@Suite("OpenAI Responses") struct OpenAIResponsesTests {
    static let answer = Canned(
        body: """
            {"id":"resp_1","object":"response","status":"completed","error":null,"incomplete_details":null,
             "model":"gpt-5-2025-08-07","output":[
              {"id":"rs_1","type":"reasoning","summary":[]},
              {"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[
               {"type":"output_text","text":"{\\"configs\\":","annotations":[]},
               {"type":"output_text","text":"[]}","annotations":[]}]}],
             "usage":{"input_tokens":75,"output_tokens":1186,"output_tokens_details":{"reasoning_tokens":1024}}}
            """)

    private func options(_ service: Service) -> ModelOptions {
        ModelOptions(model: "gpt-5", provider: .openai, baseURL: service.base + "/v1")
    }

    @Test("the conversation goes out with the key, and without a temperature or a limit nobody asked for")
    func request() async throws {
        try await Service.answering(Self.answer) { service in
            _ = await ask(options(service))
            let received = try #require(service.received.first)
            #expect(received.method == "POST")
            #expect(received.path == "/v1/responses")
            #expect(received.headers["authorization"] == "Bearer \(secretKey)")
            #expect(received.headers["content-type"] == "application/json")
            #expect(received.headers["user-agent"]?.hasPrefix("autotune/") == true)
            #expect(
                String(decoding: received.body, as: UTF8.self)
                    == #"{"input":[{"content":"You tune kernels.","role":"system"},{"content":"Propose \"configs\" for a/b.","#
                    + #""role":"user"}],"model":"gpt-5","store":false}"#)
        }
    }

    @Test("a limit of output tokens is sent by the API's name for it")
    func limit() async throws {
        try await Service.answering(Self.answer) { service in
            var options = options(service)
            options.maxOutputTokens = 4096
            _ = await ask(options)
            #expect(service.received.first?.json("max_output_tokens") == "4096")
        }
    }

    @Test("the text is joined from the messages, and reasoning items are skipped")
    func reply() async throws {
        try await Service.answering(Self.answer) { service in
            let reply = try await ask(options(service)).get()
            #expect(reply.text == #"{"configs":[]}"#)
            #expect(reply.model == "gpt-5-2025-08-07")
            #expect(reply.usage == Usage(inputTokens: 75, outputTokens: 1186))
            #expect(!reply.isTruncated)
        }
    }

    private func answer(status: String, details: String, content: String) -> Canned {
        Canned(
            body: """
                {"status":"\(status)","model":"m",\(details),"output":[{"type":"message","content":[\(content)]}]}
                """)
    }

    @Test("an incomplete response is a truncated reply")
    func incomplete() async throws {
        let answer = answer(
            status: "incomplete", details: #""incomplete_details":{"reason":"max_output_tokens"}"#,
            content: #"{"type":"output_text","text":"[{\"a\":"}"#)
        try await Service.answering(answer) { service in
            let reply = try await ask(options(service)).get()
            #expect(reply.isTruncated)
            #expect(reply.text == #"[{"a":"#)
        }
    }

    @Test("a limit that reasoning used up is told as such")
    func allReasoning() async throws {
        let answer = answer(
            status: "incomplete",
            details: #""incomplete_details":{"reason":"max_output_tokens"},"usage":{"output_tokens":64}"#, content: "")
        try await Service.answering(answer) { service in
            let error = await ask(options(service)).error
            #expect(error?.kind == .truncatedReply)
            #expect(error?.message.contains("64 tokens") == true)
        }
    }

    @Test("a refusal is an error with the model's words")
    func refusal() async throws {
        let answer = answer(
            status: "completed", details: #""error":null"#, content: #"{"type":"refusal","refusal":"I cannot help."}"#)
        try await Service.answering(answer) { service in
            let error = await ask(options(service)).error
            #expect(error?.kind == .refusal)
            #expect(error?.message.contains("I cannot help.") == true)
        }
    }

    @Test("a failed response is the service's error")
    func failed() async throws {
        let answer = answer(
            status: "failed", details: #""error":{"code":"server_error","message":"boom"}"#, content: "")
        try await Service.answering(answer) { service in
            let error = await ask(options(service)).error
            #expect(error?.kind == .server)
            #expect(error?.message.contains("boom") == true)
        }
    }
}
