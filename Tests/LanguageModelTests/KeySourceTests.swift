import Foundation
import LanguageModel
import Testing

@Suite("Where keys come from", .timeLimit(.minutes(1))) struct KeySourceTests {
    /// Runs the body with the path of a file of this content.
    private func file(_ text: String, _ body: (String) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try await body(url.path)
    }

    @Test("a key out of a file is used without the line break at its end, and goes before the variable's")
    func keyFile() async throws {
        try await Service.answering(chatAnswer("it is key-of-the-file")) { service in
            try await file("key-of-the-file\n") { path in
                var options = chat(at: service.base)
                options.apiKeyFile = path
                let reply = try await ask(options).get()
                #expect(service.received.first?.headers["authorization"] == "Bearer key-of-the-file")
                #expect(reply.text == "it is [key]")
            }
        }
    }

    @Test("a key's file that is missing, empty or no key is an error with its name, before anything is sent")
    func badKeyFile() async throws {
        var options = chat(at: "http://127.0.0.1:1")
        options.apiKeyFile = "/nowhere/key"
        let missing = await ask(options).error
        #expect(missing?.kind == .noKey)
        #expect(missing?.message.contains("/nowhere/key") == true)
        for text in ["\n", "two words"] {
            try await file(text) { path in
                options.apiKeyFile = path
                let error = await ask(options).error
                #expect(error?.kind == .badKey)
                #expect(error?.message.contains(path) == true)
                #expect(error?.message.contains("words") == false)
            }
        }
    }

    @Test("a key that a command prints is asked for once for all requests")
    func command() async throws {
        try await file("") { log in
            try await file("echo run >> \(log); echo token-number-$(wc -l < \(log))") { script in
                try await Service.answering(chatAnswer("token-number-1")) { service in
                    var options = chat(at: service.base)
                    options.apiKeyCommand = ["/bin/sh", script]
                    let model = try makeLanguageModel(options, environment: ["PATH": "/usr/bin:/bin"])
                    for _ in 0..<2 {
                        let reply = try await listen(to: model).result.get()
                        #expect(reply.text == "[key]")
                    }
                    #expect(
                        service.received.map { $0.headers["authorization"] }
                            == Array(repeating: "Bearer token-number-1", count: 2))
                }
            }
        }
    }

    @Test("a printed key that is refused is asked for anew, once")
    func renewed() async throws {
        try await file("") { log in
            try await file("echo run >> \(log); echo token-number-$(wc -l < \(log))") { script in
                let refused = Canned(status: 401, body: "expired")
                try await Service.answering(refused, chatAnswer(), refused) { service in
                    var options = chat(at: service.base)
                    options.apiKeyCommand = ["/bin/sh", script]
                    options.retries = 0
                    let model = try makeLanguageModel(options, environment: ["PATH": "/usr/bin:/bin"])
                    let (result, events) = await listen(to: model)
                    #expect(result.error == nil)
                    #expect(events.notes.count == 1)
                    #expect(await listen(to: model).result.kind == .unauthorized)
                    let keys = service.received.map { $0.headers["authorization"] }
                    #expect(keys == [1, 2, 2, 3].map { "Bearer token-number-\($0)" })
                }
            }
        }
    }

    @Test(
        "a command that fails is an error that shows nothing of what it wrote",
        arguments: [
            (["/bin/sh", "-c", "echo hidden; echo hidden >&2; exit 3"], "exit code 3"),
            (["/nowhere/tool"], "cannot be started"),
            (["/bin/sh", "-c", "echo"], "is empty"), (["/bin/sh", "-c", "echo hidden words"], "holds"),
        ])
    func commandFails(command: [String], message: String) async throws {
        var options = chat(at: "http://127.0.0.1:1")
        options.apiKeyCommand = command
        let error = await ask(options, ["PATH": "/usr/bin:/bin"]).error
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error.map { "\($0)".contains("hidden") } == false)
    }

    @Test("a service that needs a key is satisfied by a command")
    func needed() throws {
        var options = ModelOptions(model: "gpt-5")
        options.apiKeyCommand = ["true"]
        _ = try makeLanguageModel(options, environment: [:])
    }

    @Test("extra headers come from the option, the environment or a file, and may take the place of ours")
    func headers() async throws {
        try await file("Bearer from-the-file-1\n") { path in
            try await Service.answering(chatAnswer("gateway-secret from-the-file-1")) { service in
                var options = chat(at: service.base)
                options.headers = ["X-Team: tuning", "X-Gateway:env:GATEWAY", "authorization: file:\(path)"]
                let environment = ["GATEWAY": "gateway-secret", "OPENAI_API_KEY": secretKey]
                let reply = try await ask(options, environment).get()
                let received = try #require(service.received.first)
                #expect(received.headers["x-team"] == "tuning")
                #expect(received.headers["x-gateway"] == "gateway-secret")
                #expect(received.headers["authorization"] == "Bearer from-the-file-1")
                #expect(reply.text == "[key] [key]")
            }
        }
    }

    @Test(
        "a header that cannot be one, or shows a key on the command line, is refused",
        arguments: [
            "no colon", ": x", "a b: x", "X: env:NOT_SET", "X: file:/nowhere", "X: a\r\nY: b",
            "Authorization: Bearer \(secretKey)", "x-api-key: \(secretKey)",
        ])
    func badHeader(header: String) async {
        var options = chat(at: "http://127.0.0.1:1")
        options.headers = [header]
        let error = await ask(options, [:]).error
        #expect(error?.kind == .badOptions)
        #expect(error.map { "\($0)".contains(secretKey) } == false)
    }

    @Test("a key that a stream repeats piece by piece is taken out, and nothing else is held back")
    func streamed() async throws {
        let pieces = ["the key is ", "sk-test-01234", "56789abcdef", ". And sk-te", "d is none"]
        let events = pieces.map { #"data: {"choices":[{"delta":{"content":"\#($0)"}}]}"# + "\n\n" }.joined()
        let answer = Canned(headers: ["Content-Type": "text/event-stream"], body: events + "data: [DONE]\n\n")
        try await Service.answering(answer) { service in
            let (result, events) = await listen(to: chat(at: service.base))
            let reply = try result.get()
            #expect(reply.text == "the key is [key]. And sk-ted is none")
            #expect(events.text == reply.text)
            #expect(!events.pieces.contains { $0.contains("sk-test") })
        }
    }
}
