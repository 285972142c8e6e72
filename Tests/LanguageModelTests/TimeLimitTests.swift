import FlyingSocks
import LanguageModel
import LoopbackServices
import Synchronization
import Testing

@Suite("Time limits", .timeLimit(.minutes(1))) struct TimeLimitTests {
    /// Asks a server that says so much and then nothing more.
    private func error(after answer: String, _ timeouts: Timeouts) async throws -> LanguageModelError? {
        var error: LanguageModelError?
        try await RawService.playing { connection in
            try await connection.readRequest()
            try await connection.write(answer)
            try await connection.holdUntilClosed()
        } _: { service in
            error = await ask(chat(at: "http://\(service.authority)", timeouts: timeouts)).error
        }
        return error
    }

    private let begun = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"

    @Test("a server that never answers meets the total limit")
    func total() async throws {
        let error = try await error(after: "", Timeouts(total: 0.2))
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("0.2 s in total") == true)
    }

    @Test("a server that never answers meets the limit for the first byte, where there is one")
    func firstByte() async throws {
        let error = try await error(after: "", Timeouts(firstByte: 0.2))
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("0.2 s for the first byte") == true)
    }

    @Test("an answer that stalls meets the idle limit")
    func idle() async throws {
        let error = try await error(after: begun, Timeouts(idle: 0.2))
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("0.2 s between two bytes") == true)
    }

    @Test("a model that thinks longer than the idle limit is waited for")
    func thinking() async throws {
        let error = try await error(after: "", Timeouts(idle: 0.1, total: 0.3))
        #expect(error?.message.contains("0.3 s in total") == true)
    }

    @Test("a TLS handshake that stalls meets the limit to connect")
    func connect() async throws {
        try await RawService.playing {
            try await $0.holdUntilClosed()
        } _: { service in
            let options = chat(at: "https://\(service.authority)", timeouts: Timeouts(connect: 0.2))
            let error = await ask(options).error
            #expect(error?.kind == .timeout)
            #expect(error?.message.contains("0.2 s to connect") == true)
        }
    }

    @Test("limits that are no time are refused before anything is sent", arguments: [0, -1, .nan, .infinity])
    func nonsense(seconds: Double) async {
        for timeouts in [
            Timeouts(connect: seconds), Timeouts(firstByte: seconds), Timeouts(idle: seconds), Timeouts(total: seconds),
        ] {
            #expect(await ask(chat(at: "http://127.0.0.1:1", timeouts: timeouts)).kind == .badOptions)
        }
    }

    @Test("cancelling the task ends the request and closes its connection")
    func cancellation() async throws {
        let (asked, askedContinuation) = AsyncStream.makeStream(of: Void.self)
        let (closed, closedContinuation) = AsyncStream.makeStream(of: Void.self)
        try await RawService.playing { connection in
            try await connection.readRequest()
            askedContinuation.yield()
            try? await connection.holdUntilClosed()
            closedContinuation.yield()
        } _: { service in
            let address = "http://\(service.authority)"
            let kind = await withTaskGroup(of: LanguageModelError.Kind?.self) { group in
                group.addTask { await ask(chat(at: address)).kind }
                for await _ in asked { break }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(kind == .cancelled)
            for await _ in closed { break }
        }
    }

    @Test("a task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        try await Service.answering(chatAnswer()) { service in
            let options = chat(at: service.base)
            let kind = await withTaskGroup(of: LanguageModelError.Kind?.self) { group in
                group.cancelAll()
                group.addTask { await ask(options).kind }
                return await group.next() ?? nil
            }
            #expect(kind == .cancelled)
            #expect(service.received.isEmpty)
        }
    }
}
