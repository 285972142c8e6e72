import FlyingSocks
import LanguageModel
import Testing

@Suite("Keys") struct KeyTests {
    @Test(
        "a key that a service echoes appears in no error",
        arguments: [
            Canned(status: 401, body: #"{"error":{"message":"Incorrect key \#(secretKey) given"}}"#),
            Canned(status: 500, headers: [:], body: "panic: Authorization: Bearer \(secretKey)"),
            Canned(status: 302, headers: ["Location": "https://example.com/?key=\(secretKey)"]),
            Canned(status: 429, headers: ["Retry-After": secretKey]),
            Canned(headers: ["Content-Type": "text/html"], body: "<html><title>\(secretKey)</title></html>"),
            Canned(body: String(repeating: "x", count: 290) + secretKey),
            Canned(body: #"{"error":"\#(secretKey)"}"#),
            Canned(body: #"{"choices":[{"message":{"refusal":"\#(secretKey)"}}]}"#),
            Canned(body: #"{"choices":[{"finish_reason":"error","message":{},"error":{"message":"\#(secretKey)"}}]}"#),
        ])
    func redaction(answer: Canned) async throws {
        try await Service.answering(answer) { service in
            let error = try #require(await ask(chat(at: service.base)).error)
            #expect(service.received.first?.headers["authorization"] == "Bearer \(secretKey)")
            #expect(!"\(error)".contains(secretKey.prefix(12)), "\(error)")
        }
    }

    @Test("a key that a model repeats does not reach the recording")
    func redactedReply() async throws {
        try await Service.answering(chatAnswer("your key is \(secretKey)")) { service in
            let reply = try await ask(chat(at: service.base)).get()
            #expect(reply.text == "your key is [key]")
        }
    }

    @Test(
        "a key with a line break or another strange character is refused, unsent and unshown",
        arguments: ["\n", "\r\nX-Evil: 1", "\u{0}", "\u{7F}", " ", "ü"])
    func strangeKey(end: String) async throws {
        try await Service.answering(chatAnswer()) { service in
            let error = await ask(chat(at: service.base), ["OPENAI_API_KEY": secretKey + end]).error
            #expect(error?.kind == .badKey)
            #expect(error?.message.contains("OPENAI_API_KEY") == true)
            #expect(error.map { "\($0)".contains(secretKey) } == false)
            #expect(service.received.isEmpty)
        }
    }

    @Test("a password in the address is refused, and not shown")
    func passwordInAddress() async {
        let error = await ask(chat(at: "http://me:hunter2@127.0.0.1:1/v1")).error
        #expect(error?.kind == .badURL)
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test(
        "a model that is printed or dumped shows no key",
        arguments: [ModelOptions(model: "gpt-5"), ModelOptions(model: "claude-x"), ModelOptions(command: ["cat"])])
    func dumped(options: ModelOptions) throws {
        let model = try makeLanguageModel(options, environment: keys)
        var text = "\(model) \(String(reflecting: model)) "
        dump(model, to: &text)
        #expect(!text.contains(secretKey))
    }
}
