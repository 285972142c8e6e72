import FlyingSocks
import LanguageModel
import LoopbackServices
import Testing

@Suite("Answers that bring no reply") struct MalformedReplyTests {
    private func error(_ answer: Canned) async throws -> LanguageModelError {
        var error: LanguageModelError?
        try await Service.answering(answer) { service in error = await ask(chat(at: service.base)).error }
        return try #require(error)
    }

    private func error(raw answer: String) async throws -> LanguageModelError {
        var error: LanguageModelError?
        try await RawService.playing { connection in
            try await connection.readRequest()
            try await connection.write(answer)
        } _: { service in
            error = await ask(chat(at: "http://\(service.authority)")).error
        }
        return try #require(error)
    }

    @Test("a page of a proxy is told as such, with its title")
    func page() async throws {
        let page = "<!DOCTYPE html><html><head><title>Sign in to\n Example</title></head></html>"
        let error = try await error(Canned(headers: ["Content-Type": "text/html; charset=utf-8"], body: page))
        #expect(error.kind == .malformedReply)
        #expect(error.message.contains("HTML page: \"Sign in to Example\""))
    }

    @Test(
        "JSON of another shape is told as such",
        arguments: ["{}", "[1]", #"{"choices":[]}"#, "null", #"{"output":[]}"#])
    func otherShape(body: String) async throws {
        let error = try await error(Canned(body: body))
        #expect(error.kind == .malformedReply)
        #expect(error.help.contains("--provider"))
    }

    @Test("text that is not JSON is quoted")
    func text() async throws {
        let error = try await error(Canned(body: "Ollama is running"))
        #expect(error.kind == .malformedReply)
        #expect(error.message.contains("Ollama is running"))
    }

    @Test("JSON nested beyond reason is malformed, not a crash")
    func nested() async throws {
        let body = String(repeating: "[", count: 200_000)
        #expect(try await error(Canned(body: body)).kind == .malformedReply)
    }

    @Test("nothing at all is an empty reply")
    func nothing() async throws {
        let error = try await error(Canned(body: " \n"))
        #expect(error.kind == .emptyReply)
        #expect(error.message.contains("no body"))
    }

    @Test(
        "a body that ends in the middle is a truncated reply, however its end would have been told",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"choices\":",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"choices\":\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"choices\":",
            "HTTP/1.1 200 OK\r\nContent-Le",
        ])
    func cutOff(answer: String) async throws {
        let error = try await error(raw: answer)
        #expect(error.kind == .truncatedReply, "\(error)")
    }

    @Test("a connection closed without an answer is told as such")
    func closed() async throws {
        #expect(try await error(raw: "").kind == .connectionLost)
    }

    @Test("something that does not speak HTTP is told as such")
    func notHTTP() async throws {
        #expect(try await error(raw: "SSH-2.0-OpenSSH_9.2\r\n").kind == .malformedReply)
    }

    @Test("an endless body is given up at the limit")
    func endless() async throws {
        try await RawService.playing { connection in
            try await connection.readRequest()
            try await connection.write("HTTP/1.1 200 OK\r\n\r\n")
            let block = String(repeating: " ", count: 1 << 20)
            while true { try await connection.write(block) }
        } _: { service in
            let error = await ask(chat(at: "http://\(service.authority)")).error
            #expect(error?.kind == .replyTooLarge)
            #expect(error?.message.contains("32 MB") == true)
        }
    }

    @Test("an interim answer before the real one leaves nothing behind")
    func interim() async throws {
        let body = chatAnswer("late").body
        try await RawService.playing { connection in
            try await connection.readRequest()
            try await connection.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        } _: { service in
            let reply = try await ask(chat(at: "http://\(service.authority)")).get()
            #expect(reply.text == "late")
        }
    }
}
