import LanguageModel
import Testing

@Suite("Replies that are cut off") struct TruncatedReplyTests {
    private func options(_ service: Service, limit: Int?) -> ModelOptions {
        var options = chat(at: service.base)
        options.maxOutputTokens = limit
        options.retries = 0
        return options
    }

    private func answer(_ text: String, _ finish: String) -> Canned {
        Canned(
            body: #"{"model":"m","choices":[{"message":{"content":"\#(text)"},"finish_reason":"\#(finish)"}],"#
                + #""usage":{"prompt_tokens":10,"completion_tokens":100}}"#)
    }

    @Test("a reply at its limit is asked for once more, with twice the limit, and the first one's text is taken back")
    func raised() async throws {
        try await Service.answering(answer("half", "length"), answer("whole", "stop")) { service in
            let (result, events) = await listen(to: options(service, limit: 100))
            let reply = try result.get()
            #expect(reply.text == "whole" && events.text == "whole" && !reply.isTruncated)
            #expect(events.restarts == ["the reply was cut off at its length limit; asking again with 200 tokens"])
            #expect(reply.usage == Usage(inputTokens: 20, outputTokens: 200))
            #expect(service.received.map { $0.json("max_tokens") } == ["100", "200"])
        }
    }

    @Test("it is raised once alone")
    func once() async throws {
        try await Service.answering(answer("half", "length")) { service in
            let reply = try await listen(to: options(service, limit: 100)).result.get()
            #expect(reply.isTruncated)
            #expect(service.received.count == 2)
        }
    }

    @Test("without a limit of ours there is none to raise, and one that the model's maker sets is kept")
    func nothingToRaise() async throws {
        try await Service.answering(answer("half", "length")) { service in
            let reply = try await listen(to: options(service, limit: nil)).result.get()
            #expect(reply.isTruncated)
            #expect(service.received.count == 1)
        }
        let message = #"{"content":[{"type":"text","text":"half"}],"stop_reason":"max_tokens"}"#
        try await Service.answering(Canned(body: message)) { service in
            let claude = ModelOptions(model: "claude-3-haiku-20240307", provider: .anthropic, baseURL: service.base)
            let reply = try await ask(claude).get()
            #expect(reply.isTruncated)
            #expect(service.received.map { $0.json("max_tokens") } == ["4096"])
        }
    }

    @Test("a reply that ended far below its limit ran into another one")
    func otherLimit() async throws {
        try await Service.answering(answer("half", "length")) { service in
            _ = try await listen(to: options(service, limit: 1000)).result.get()
            #expect(service.received.count == 1)
        }
    }

    @Test("where no longer reply comes, the first one is given")
    func secondFails() async throws {
        let refusal = Canned(status: 400, body: #"{"error":{"message":"too many tokens"}}"#)
        try await Service.answering(answer("half", "length"), refusal) { service in
            let (result, events) = await listen(to: options(service, limit: 100))
            let reply = try result.get()
            #expect(reply.text == "half" && events.text == "half" && reply.isTruncated)
            #expect(reply.notes.last?.contains("too many tokens") == true)
        }
    }
}
