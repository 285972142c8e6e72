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
                    == #"{"model":"m","messages":[{"role":"system","content":"You tune kernels."},"#
                    + #"{"role":"user","content":"Propose \"configs\" for a/b."}],"stream":true,"#
                    + #""stream_options":{"include_usage":true}}"#)
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

    /// What OpenAI streams: a role, pieces, a finish reason, and the usage in a chunk of its own.
    private func chunks(finish: String = "stop", usage: String) -> Canned {
        eventStream(
            #"{"id":"c","object":"chat.completion.chunk","model":"served-7b","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null}"#,
            #"{"id":"c","model":"served-7b","choices":[{"index":0,"delta":{"reasoning_content":"hm"},"finish_reason":null}]}"#,
            #"{"id":"c","model":"served-7b","choices":[{"index":0,"delta":{"content":"one "},"finish_reason":null}]}"#,
            #"{"id":"c","model":"served-7b","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":null}]}"#,
            #"{"id":"c","model":"served-7b","choices":[{"index":0,"delta":{},"finish_reason":"\#(finish)"}]}"#,
            usage, "[DONE]")
    }

    @Test("the text is told as it streams, and reasoning beside it is skipped")
    func streaming() async throws {
        let usage =
            #"{"id":"c","model":"served-7b","choices":[],"usage":{"prompt_tokens":19,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens":10,"completion_tokens_details":{"reasoning_tokens":4}}}"#
        try await Service.answering(chunks(usage: usage)) { service in
            let (result, events) = await listen(to: chat(at: service.base))
            let reply = try result.get()
            #expect(reply.text == "one two" && events.text == "one two")
            #expect(reply.model == "served-7b")
            #expect(reply.usage == Usage(inputTokens: 19, cachedInputTokens: 16, outputTokens: 10, reasoningTokens: 4))
        }
    }

    @Test("Groq's place for the usage is known")
    func groqUsage() async throws {
        let usage = #"{"choices":[],"x_groq":{"id":"r","usage":{"prompt_tokens":3,"completion_tokens":4}}}"#
        try await Service.answering(chunks(usage: usage)) { service in
            let reply = try await ask(chat(at: service.base)).get()
            #expect(reply.usage == Usage(inputTokens: 3, outputTokens: 4))
        }
    }

    @Test("comments that keep OpenRouter's connection alive are no text")
    func comments() async throws {
        var answer = chunks(usage: #"{"choices":[]}"#)
        answer.body = ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n" + answer.body
        try await Service.answering(answer) { service in
            let reply = try await ask(chat(at: service.base)).get()
            #expect(reply.text == "one two")
        }
    }

    @Test("a stream that ends by its finish reason, without the usual mark, is complete")
    func noMark() async throws {
        let answer = eventStream(#"{"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}"#)
        try await Service.answering(answer) { service in
            let reply = try await ask(chat(at: service.base)).get()
            #expect(reply.text == "x")
        }
    }

    @Test(
        "content of an answer that comes whole is read as a string or as parts",
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

    @Test("a schema goes as a strict response format, to llama.cpp in the form that its servers all know")
    func structured() async throws {
        try await Service.answering(chatAnswer()) { service in
            let named = #"{"type":"json_schema","json_schema":{"name":"configs","strict":true,"schema":"#
            for (provider, format) in [
                (Provider.chat, named + configSchema.json + "}}"), (.vllm, named + configSchema.json + "}}"),
                (.llamacpp, #"{"type":"json_object","schema":"# + configSchema.json + "}"),
            ] {
                let model = try makeLanguageModel(
                    ModelOptions(model: "m", provider: provider, baseURL: service.base), environment: [:])
                #expect(model.schemaDialect == .grammar)
                _ = await listen(to: model, schema: configSchema)
                let body = String(decoding: try #require(service.received.last).body, as: UTF8.self)
                #expect(body.contains(#""response_format":"# + format), "\(provider)")
            }
        }
    }

    @Test("a cache key goes to OpenAI alone, which knows it")
    func caching() async throws {
        try await Service.answering(chatAnswer()) { service in
            _ = await ask(chat(at: service.base))
            #expect(service.received.first?.json("prompt_cache_key") == nil)
            _ = await ask(ModelOptions(model: "d", provider: .azure, baseURL: service.base))
            #expect(service.received.last?.json("prompt_cache_key") != nil)
        }
    }

    @Test("the finish reason length is a truncated reply, streamed or not")
    func truncated() async throws {
        for answer in [chatAnswer("one two", finish: "length"), chunks(finish: "length", usage: #"{"choices":[]}"#)] {
            try await Service.answering(answer) { service in
                let reply = try await ask(chat(at: service.base)).get()
                #expect(reply.isTruncated)
                #expect(reply.text == "one two")
            }
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
        let chunk = #"{"choices":[{"delta":{"refusal":"No."}}]}"#
        try await Service.answering(
            eventStream(chunk, #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, "[DONE]")
        ) { service in
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

    @Test("an error that comes with a successful status is quoted, streamed or not")
    func errorInside() async throws {
        let answers = [
            Canned(body: #"{"error":{"code":502,"message":"upstream died"}}"#),
            Canned(
                body:
                    #"{"choices":[{"message":{"content":""},"finish_reason":"error","error":{"message":"upstream died"}}]}"#
            ),
            eventStream(
                #"{"choices":[{"delta":{"content":"half"}}]}"#,
                #"{"error":{"code":502,"message":"upstream died"},"choices":[{"delta":{},"finish_reason":"error"}]}"#),
        ]
        for answer in answers {
            try await Service.answering(answer) { service in
                let error = await ask(chat(at: service.base)).error
                #expect(error?.kind == .server)
                #expect(error?.message.contains("upstream died") == true)
                #expect(error?.isTransient == true)
            }
        }
    }
}
