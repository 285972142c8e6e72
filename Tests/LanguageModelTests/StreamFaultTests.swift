import FlyingSocks
import Foundation
import LanguageModel
import LoopbackServices
import Testing

/// Streams that go wrong, from a real socket.
@Suite("Streams that go wrong", .timeLimit(.minutes(1))) struct StreamFaultTests {
    private let half = Array(#"data: {"choices":[{"delta":{"content":"half "}}]}"#.utf8) + Array("\n\n".utf8)
    private let rest =
        Array(#"data: {"choices":[{"delta":{"content":"done"},"finish_reason":"stop"}]}"#.utf8) + Array("\n\n".utf8)
    private let mark = Array("data: [DONE]\n\n".utf8)

    /// What a model at this server answers to one request.
    private func listening(
        to script: @escaping @Sendable (AsyncSocket) async throws -> Void, _ timeouts: Timeouts = Timeouts()
    ) async throws -> (result: Result<Reply, LanguageModelError>, events: [ModelEvent]) {
        var heard: (result: Result<Reply, LanguageModelError>, events: [ModelEvent])?
        try await RawService.playing(script) { service in
            var options = chat(at: "http://\(service.authority)", timeouts: timeouts)
            options.retries = 0
            heard = await listen(to: options)
        }
        return try #require(heard)
    }

    @Test("text is told before the reply is complete")
    func early() async throws {
        let (told, tell) = AsyncStream.makeStream(of: Void.self)
        try await RawService.playing { connection in
            try await connection.stream(half)
            // Goes on once the half was told.
            for await _ in told { break }
            try await connection.write(Data(rest + mark))
        } _: { service in
            let model = try makeLanguageModel(chat(at: "http://\(service.authority)"), environment: [:])
            let reply = try await model.reply(to: ModelRequest(messages: prompt)) { _ in tell.yield() }
            #expect(reply.text == "half done")
        }
    }

    @Test("a stream that is cut anywhere is read as the whole")
    func cuts() async throws {
        let bytes =
            Array(#"data: {"choices":[{"delta":{"content":"zwölf 🧮"},"finish_reason":"stop"}]}"#.utf8)
            + Array("\n\n".utf8) + mark
        let umlaut = try #require(bytes.firstIndex(of: 0xC3)) + 1
        let (result, events) = try await listening(to: {
            try await $0.stream(Array(bytes[..<umlaut]), Array(bytes[umlaut...]))
        })
        let reply = try result.get()
        #expect(reply.text == "zwölf 🧮" && events.text == "zwölf 🧮")
    }

    @Test("a stream under another content type is read all the same", arguments: ["text/plain", "application/json"])
    func contentType(type: String) async throws {
        let (half, rest) = (half, rest)
        let (result, events) = try await listening(to: { try await $0.stream(half, rest, type: type) })
        let reply = try result.get()
        #expect(reply.text == "half done")
        #expect(events.text == "half done")
    }

    @Test("an error document under the content type of a stream is told as the error")
    func documentAsStream() async throws {
        let body = Array(#"{"error":{"message":"no such model","type":"invalid_request_error"}}"#.utf8)
        let (result, _) = try await listening(to: { try await $0.stream(body) })
        #expect(result.error?.message.contains("no such model") == true)
        #expect(result.error?.isTransient == false)
    }

    @Test("a stream that goes silent meets the idle limit, and what it brought was told")
    func stuck() async throws {
        let half = half
        let (result, events) = try await listening(
            to: {
                try await $0.stream(half)
                try await $0.holdUntilClosed()
            }, Timeouts(idle: 0.2))
        #expect(result.kind == .timeout)
        #expect(result.error?.message.contains("0.2 s between two bytes") == true)
        #expect(result.error?.isTransient == true)
        #expect(events.text == "half ")
    }

    @Test("before its first word a model may be silent for longer")
    func thinking() async throws {
        let (result, _) = try await listening(
            to: {
                try await $0.stream(Array(": thinking\n\n".utf8))
                try await $0.holdUntilClosed()
            }, Timeouts(thinking: 0.3, idle: 0.1))
        #expect(result.error?.message.contains("0.3 s between two bytes") == true)
    }

    @Test("a slow stream that never pauses for long is read to its end")
    func slow() async throws {
        let (half, rest, mark) = (half, rest, mark)
        let (result, _) = try await listening(to: { connection in
            try await connection.stream()
            for byte in half + rest + mark { try await connection.write(Data([byte])) }
        })
        let reply = try result.get()
        #expect(reply.text == "half done")
    }

    @Test("a stream whose end the service told is complete, though the connection stays open")
    func open() async throws {
        let (half, rest, mark) = (half, rest, mark)
        let (result, _) = try await listening(to: {
            try await $0.stream(half, rest, mark)
            try await $0.holdUntilClosed()
        })
        let reply = try result.get()
        #expect(reply.text == "half done")
    }

    @Test("a stream that ends without an end is a truncated reply")
    func cutOff() async throws {
        let half = half
        let (result, _) = try await listening(to: { try await $0.stream(half) })
        #expect(result.kind == .truncatedReply)
        #expect(result.error?.isTransient == true)
    }

    @Test("a connection that is reset within a stream is a truncated reply")
    func reset() async throws {
        let half = half
        let (result, events) = try await listening(to: { connection in
            try connection.socket.setValue(Linger.nothing, for: Linger())
            try await connection.stream(half)
        })
        #expect(result.kind == .truncatedReply)
        #expect(events.text == "half ")
    }

    @Test("a connection that closes within an event, and within a character of it, leaves a truncated reply")
    func halfEvent() async throws {
        let event = Array(#"data: {"choices":[{"delta":{"content":"ö"}}]}"#.utf8)
        let cut = try #require(event.firstIndex(of: 0xC3)) + 1
        let half = half
        let (result, events) = try await listening(to: { try await $0.stream(half + event[..<cut]) })
        #expect(result.kind == .truncatedReply)
        #expect(result.error?.isTransient == true)
        #expect(events.text == "half ")
    }

    @Test("an event that is no JSON is a malformed reply that quotes it")
    func notJSON() async throws {
        let (result, _) = try await listening(to: { try await $0.stream(Array("data: <oops>\n\n".utf8)) })
        #expect(result.kind == .malformedReply)
        #expect(result.error?.message.contains("<oops>") == true)
    }

    @Test("an endless stream is given up at the limit")
    func endless() async throws {
        let (result, _) = try await listening(to: { connection in
            try await connection.stream()
            let block = ":" + String(repeating: " still thinking", count: 65_536) + "\n"
            while true { try await connection.write(block) }
        })
        #expect(result.kind == .replyTooLarge)
    }

    @Test("a compressed bomb is given up at the limit of what it unpacks to")
    func bomb() async throws {
        // Each kilobyte of it becomes a megabyte of zeros.
        let bomb = try await Gzip.compressed(Data(count: 40 << 20))
        #expect(bomb.count < 1 << 20)
        let (result, _) = try await listening(to: { connection in
            try await connection.readRequest()
            try await connection.write(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n")
            try await connection.write(bomb)
        })
        #expect(result.kind == .replyTooLarge)
        #expect(result.error?.message.contains("32 MB") == true)
    }
}
