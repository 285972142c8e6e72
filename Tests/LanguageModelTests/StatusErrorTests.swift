import LanguageModel
import Testing

@Suite("Errors by status") struct StatusErrorTests {
    private func error(_ answer: Canned, _ environment: [String: String] = keys) async throws -> LanguageModelError {
        var error: LanguageModelError?
        try await Service.answering(answer) { service in
            error = await ask(chat(at: service.base), environment).error
        }
        return try #require(error)
    }

    private func json(_ status: Int, _ message: String, _ headers: [String: String] = [:]) -> Canned {
        Canned(status: status, headers: headers, body: #"{"error":{"message":"\#(message)","type":"t"}}"#)
    }

    @Test(
        "each status is told apart, with the service's own words",
        arguments: [
            (400, LanguageModelError.Kind.badRequest), (401, .unauthorized), (403, .unauthorized), (404, .notFound),
            (408, .timeout), (413, .badRequest), (422, .badRequest), (429, .rateLimited), (500, .server),
            (503, .server),
            (529, .server),
        ])
    func kinds(status: Int, kind: LanguageModelError.Kind) async throws {
        let error = try await error(json(status, "the reason"))
        #expect(error.kind == kind)
        #expect(error.message.contains("HTTP \(status)") && error.message.contains("\"the reason\""))
        #expect(!error.help.isEmpty)
    }

    @Test("a refused key is named by its variable, and a missing one by what to set")
    func key() async throws {
        let refused = try await error(json(401, "bad"))
        #expect(refused.help.contains("the key in OPENAI_API_KEY"))
        let missing = try await error(json(401, "bad"), [:])
        #expect(missing.help.contains("No key was sent: set OPENAI_API_KEY"))
    }

    @Test("a 404 names the address and the model that were asked")
    func notFound() async throws {
        let error = try await error(json(404, "no such model"))
        #expect(error.message.contains("/chat/completions"))
        #expect(error.help.contains("\"m\""))
    }

    @Test("Retry-After is told, in seconds or as a date")
    func retryAfter() async throws {
        let seconds = try await error(json(429, "slow down", ["Retry-After": "20"]))
        #expect(seconds.help.contains("in 20 s"))
        #expect(seconds.retryAfterSeconds == 20)
        let past = try await error(json(503, "busy", ["Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"]))
        #expect(past.retryAfterSeconds == 0)
    }

    @Test("a redirect is not followed, and its target is told")
    func redirect() async throws {
        try await Service.answering(chatAnswer()) { target in
            let error = try await error(Canned(status: 307, headers: ["Location": target.base + "/elsewhere"]))
            #expect(error.kind == .redirected)
            #expect(error.message.contains(target.base + "/elsewhere"))
            #expect(target.received.isEmpty)
        }
    }

    @Test(
        "the words are found in the shapes that services and gateways use",
        arguments: [
            #"{"error":"the reason"}"#, #"{"type":"error","error":{"type":"x","message":"the reason"}}"#,
            #"{"object":"error","message":"the reason","code":404}"#, #"{"detail":"the reason"}"#,
            #"{"detail":[{"loc":["body"],"msg":"the reason"}]}"#, #"[{"error":{"code":400,"message":"the reason"}}]"#,
            "the reason", "<html><head><title>the reason</title></head><body>long</body></html>",
        ])
    func shapes(body: String) async throws {
        let message = try await error(Canned(status: 400, headers: [:], body: body)).message
        #expect(message.contains("\"the reason\""))
    }

    @Test("words of any length become one bounded line")
    func bounded() async throws {
        let words = String(repeating: #"a\nb\u0007 "#, count: 20_000)
        let message = try await error(json(500, words)).message
        #expect(message.count < 500)
        #expect(!message.contains("\n") && !message.contains("\u{7}"))
    }

    @Test("an error without a body is told by its status alone")
    func noBody() async throws {
        let error = try await error(Canned(status: 502, headers: [:]))
        #expect(error.message.hasSuffix("failed (HTTP 502)."))
    }
}
