import LanguageModel
import Testing

@Suite("Chat Completions") struct ChatCompletionsTests {
    private func answer(message: String, finish: String = "stop") -> Canned {
        Canned(
            body: """
                {"id":"chatcmpl-1","object":"chat.completion","model":"served-7b","choices":[
                 {"index":0,"message":\(message),"finish_reason":"\(finish)"}],
                 "usage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29}}
                """)
    }

    @Test("the conversation goes out to a base URL as it is, without a limit nobody asked for")
    func request() async throws {
        try await Service.answering(chatAnswer()) { service in
            _ = await ask(chat(at: service.base + "/v1/"), [:])
            let received = try #require(service.received.first)
            #expect(received.path == "/v1/chat/completions")
            #expect(received.headers["authorization"] == nil)
            #expect(
                String(decoding: received.body, as: UTF8.self)
                    == #"{"messages":[{"content":"You tune kernels.","role":"system"},"#
                    + #"{"content":"Propose \"configs\" for a/b.","role":"user"}],"model":"m"}"#)
        }
    }

    @Test(
        "a limit goes by the name that the model's maker knows",
        arguments: [
            ("llama-3.1-8b", "max_tokens"), ("gpt-oss:20b", "max_tokens"), ("gpt-5", "max_completion_tokens"),
            ("o3-mini", "max_completion_tokens"),
        ])
    func limit(model: String, name: String) async throws {
        try await Service.answering(chatAnswer()) { service in
            _ = await ask(ModelOptions(model: model, provider: .chat, baseURL: service.base, maxOutputTokens: 512))
            let received = try #require(service.received.first)
            #expect(received.json(name) == "512")
            let other = name == "max_tokens" ? "max_completion_tokens" : "max_tokens"
            #expect(received.json(other) == nil)
        }
    }

    @Test(
        "content is read as a string or as parts, and reasoning beside it is skipped",
        arguments: [
            #"{"role":"assistant","content":"one two","refusal":null,"reasoning_content":"hm"}"#,
            #"{"role":"assistant","content":[{"type":"text","text":"one "},{"type":"text","text":"two"}]}"#,
        ])
    func content(message: String) async throws {
        try await Service.answering(answer(message: message)) { service in
            let reply = try await ask(chat(at: service.base)).get()
            #expect(reply.text == "one two")
            #expect(reply.model == "served-7b")
            #expect(reply.usage == Usage(inputTokens: 19, outputTokens: 10))
        }
    }

    @Test("the finish reason length is a truncated reply")
    func truncated() async throws {
        try await Service.answering(chatAnswer("half", finish: "length")) { service in
            let reply = try await ask(chat(at: service.base)).get()
            #expect(reply.isTruncated)
            #expect(reply.text == "half")
        }
    }

    @Test("no content is an empty reply, or a truncated one where the limit was the reason")
    func empty() async throws {
        for (finish, kind) in [("stop", LanguageModelError.Kind.emptyReply), ("length", .truncatedReply)] {
            let answer = answer(message: #"{"role":"assistant","content":null}"#, finish: finish)
            try await Service.answering(answer) { service in
                #expect(await ask(chat(at: service.base)).kind == kind)
            }
        }
    }

    @Test("a refusal and a content filter are errors, but what a filter let through is kept")
    func refusal() async throws {
        let message = #"{"role":"assistant","content":null,"refusal":"No."}"#
        try await Service.answering(answer(message: message)) { service in
            #expect(await ask(chat(at: service.base)).error?.message.contains("No.") == true)
        }
        try await Service.answering(chatAnswer("", finish: "content_filter")) { service in
            #expect(await ask(chat(at: service.base)).kind == .refusal)
        }
        try await Service.answering(chatAnswer("some", finish: "content_filter")) { service in
            let reply = try await ask(chat(at: service.base)).get()
            #expect(reply.notes.count == 1)
            #expect(reply.isTruncated)
        }
    }

    @Test("an error that comes with a successful status is quoted")
    func errorInside() async throws {
        let bodies = [
            #"{"error":{"code":502,"message":"upstream died"}}"#,
            #"{"choices":[{"message":{"content":""},"finish_reason":"error","error":{"message":"upstream died"}}]}"#,
        ]
        for body in bodies {
            try await Service.answering(Canned(body: body)) { service in
                let error = await ask(chat(at: service.base)).error
                #expect(error?.kind == .server)
                #expect(error?.message.contains("upstream died") == true)
            }
        }
    }
}
