import LanguageModel
import Testing

@Suite("OpenAI Responses") struct OpenAIResponsesTests {
    /// What the API streams for a reply in two pieces, with the events that carry no text.
    static let stream = eventStream(
        #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","model":"gpt-5-2025-08-07","output":[]}}"#,
        #"{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_1","status":"in_progress"}}"#,
        #"{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}"#,
        #"{"type":"response.reasoning_summary_text.delta","sequence_number":3,"delta":"hm"}"#,
        #"{"type":"response.content_part.added","sequence_number":4,"part":{"type":"output_text","text":""}}"#,
        #"{"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"{\"configs\":"}"#,
        #"{"type":"response.output_text.delta","sequence_number":6,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"[]}"}"#,
        #"{"type":"response.output_text.done","sequence_number":7,"text":"{\"configs\":[]}"}"#,
        #"{"type":"response.completed","sequence_number":8,"response":{"id":"resp_1","status":"completed","model":"gpt-5-2025-08-07","usage":{"input_tokens":75,"input_tokens_details":{"cached_tokens":64},"output_tokens":1186,"output_tokens_details":{"reasoning_tokens":1024}}}}"#
    )

    private func options(_ service: Service) -> ModelOptions {
        ModelOptions(model: "gpt-5", provider: .openai, baseURL: service.base + "/v1")
    }

    @Test("the conversation goes out with the key, and without a temperature or a limit nobody asked for")
    func request() async throws {
        try await Service.answering(Self.stream) { service in
            _ = await ask(options(service))
            let received = try #require(service.received.first)
            #expect(received.method == "POST")
            #expect(received.path == "/v1/responses")
            #expect(received.headers["authorization"] == "Bearer \(secretKey)")
            #expect(received.headers["content-type"] == "application/json")
            #expect(received.headers["user-agent"]?.hasPrefix("autotune/") == true)
            #expect(
                String(decoding: received.body, as: UTF8.self).replacing(/autotune-[0-9a-f]{16}/, with: "KEY")
                    == #"{"model":"gpt-5","input":[{"role":"system","content":"You tune kernels."},"#
                    + #"{"role":"user","content":"Propose \"configs\" for a/b."}],"prompt_cache_key":"KEY","#
                    + #""store":false,"stream":true}"#)
        }
    }

    @Test("a limit and a reasoning effort are sent by the API's names, a temperature not to a model that reasons")
    func parameters() async throws {
        try await Service.answering(Self.stream) { service in
            var options = options(service)
            options.maxOutputTokens = 4096
            options.reasoningEffort = .low
            options.temperature = 0.5
            _ = await ask(options)
            let received = try #require(service.received.first)
            #expect(received.json("max_output_tokens") == "4096")
            #expect(received.json("reasoning") == #"{"effort":"low"}"#)
            #expect(received.json("temperature") == nil)
        }
    }

    @Test("the text is told as it streams, and the reply has model, tokens and all of the text")
    func streaming() async throws {
        try await Service.answering(Self.stream) { service in
            let (result, events) = await listen(to: options(service))
            let reply = try result.get()
            #expect(events.pieces.joined() == #"{"configs":[]}"#)
            #expect(reply.text == #"{"configs":[]}"#)
            #expect(reply.model == "gpt-5-2025-08-07")
            #expect(
                reply.usage
                    == Usage(inputTokens: 75, cachedInputTokens: 64, outputTokens: 1186, reasoningTokens: 1024))
            #expect(!reply.isTruncated)
        }
    }

    @Test("a schema goes as a strict text format, its properties in their own order")
    func structured() async throws {
        try await Service.answering(Self.stream) { service in
            let model = try makeLanguageModel(options(service), environment: keys)
            #expect(model.schemaDialect == .openAI)
            _ = await listen(to: model, schema: configSchema)
            let received = try #require(service.received.first)
            #expect(
                String(decoding: received.body, as: UTF8.self).contains(
                    #""text":{"format":{"type":"json_schema","name":"configs","strict":true,"schema":"#
                        + configSchema.json + "}}"))
        }
    }

    @Test("the requests of one conversation share a cache key, those of another have another")
    func caching() async throws {
        try await Service.answering(Self.stream) { service in
            let later = prompt + [Message(role: .assistant, content: "x"), Message(role: .user, content: "y")]
            _ = await ask(options(service))
            _ = await ask(options(service), keys, later)
            _ = await ask(options(service), keys, [Message(role: .user, content: "another kernel")])
            let sent = service.received.map { $0.json("prompt_cache_key") }
            #expect(sent[0] != nil && sent[0] == sent[1] && sent[1] != sent[2])
        }
    }

    @Test("an answer that comes whole, though a stream was asked for, is read as well")
    func document() async throws {
        let answer = Canned(
            body: """
                {"id":"resp_1","object":"response","status":"completed","model":"gpt-5-2025-08-07","output":[
                  {"id":"rs_1","type":"reasoning","summary":[]},
                  {"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[
                   {"type":"output_text","text":"one "},{"type":"output_text","text":"two"}]}],
                 "usage":{"input_tokens":75,"output_tokens":1186}}
                """)
        try await Service.answering(answer) { service in
            let (result, events) = await listen(to: options(service))
            let reply = try result.get()
            #expect(reply.text == "one two")
            #expect(events.text == "one two")
            #expect(reply.usage == Usage(inputTokens: 75, outputTokens: 1186))
        }
    }

    private func ending(_ response: String, after delta: String = "") -> Canned {
        eventStream(
            #"{"type":"response.output_text.delta","delta":"\#(delta)"}"#, response)
    }

    @Test("an incomplete response is a truncated reply")
    func incomplete() async throws {
        let answer = ending(
            #"{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}"#,
            after: "[1,")
        try await Service.answering(answer) { service in
            let reply = try await ask(options(service)).get()
            #expect(reply.isTruncated)
            #expect(reply.text == "[1,")
        }
    }

    @Test("a limit that reasoning used up is told as such")
    func allReasoning() async throws {
        let answer = ending(
            #"{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"usage":{"output_tokens":64}}}"#
        )
        try await Service.answering(answer) { service in
            let error = await ask(options(service)).error
            #expect(error?.kind == .truncatedReply)
            #expect(error?.message.contains("64 tokens") == true)
            #expect(error?.usage?.outputTokens == 64)
        }
    }

    @Test("a refusal is an error with the model's words")
    func refusal() async throws {
        let answer = eventStream(
            #"{"type":"response.refusal.delta","delta":"I cannot "}"#,
            #"{"type":"response.refusal.delta","delta":"help."}"#,
            #"{"type":"response.completed","response":{"status":"completed"}}"#)
        try await Service.answering(answer) { service in
            let error = await ask(options(service)).error
            #expect(error?.kind == .refusal)
            #expect(error?.message.contains("I cannot help.") == true)
        }
    }

    @Test(
        "a response that fails is the service's error, to be tried again or not by its code",
        arguments: [
            (
                #"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"boom"}}}"#,
                true
            ),
            (#"{"type":"error","code":"rate_limit_exceeded","message":"boom","param":null}"#, true),
            (#"{"type":"error","error":{"type":"invalid_request_error","message":"boom"}}"#, false),
        ])
    func failed(event: String, isTransient: Bool) async throws {
        try await Service.answering(ending(event)) { service in
            let error = await ask(options(service)).error
            #expect(error?.kind == .server)
            #expect(error?.message.contains("boom") == true)
            #expect(error?.isTransient == isTransient)
        }
    }
}
