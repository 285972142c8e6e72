import FlyingSocks
import Foundation
import LoopbackServices
import Synchronization
import Testing

@testable import LanguageModel

@Suite("Asking again", .timeLimit(.minutes(1))) struct RetryTests {
    private func options(_ service: Service, _ clock: TestClock, chance: Double = 1) -> ModelOptions {
        var options = chat(at: service.base)
        options.clock = clock.clock(chance: chance)
        return options
    }

    private func busy(_ status: Int, _ headers: [String: String] = [:]) -> Canned {
        Canned(status: status, headers: headers, body: #"{"error":{"message":"busy"}}"#)
    }

    @Test("what may pass is asked again", arguments: [408, 409, 425, 429, 500, 502, 503, 504, 529])
    func transient(status: Int) async throws {
        let clock = TestClock()
        try await Service.answering(busy(status), chatAnswer("late")) { service in
            let (result, events) = await listen(to: options(service, clock))
            let reply = try result.get()
            #expect(reply.text == "late")
            #expect(clock.sleeps == [1])
            #expect(events.notes.count == 1)
            #expect(events.notes.first?.hasPrefix("asking again in 1.0 s (1 of 5): ") == true)
            #expect(events.notes.first?.contains("HTTP \(status)") == true)
            #expect(reply.notes == events.notes)
        }
    }

    @Test("what will not pass is not", arguments: [400, 401, 403, 404, 413, 422, 302])
    func lasting(status: Int) async throws {
        let clock = TestClock()
        try await Service.answering(busy(status), chatAnswer()) { service in
            #expect(await listen(to: options(service, clock)).result.error != nil)
            #expect(service.received.count == 1)
            #expect(clock.sleeps == [])
        }
    }

    @Test("a refusal by the model is not asked again")
    func refusal() async throws {
        let answer = Canned(body: #"{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"#)
        try await Service.answering(answer, chatAnswer()) { service in
            #expect(await listen(to: options(service, TestClock())).result.kind == .refusal)
            #expect(service.received.count == 1)
        }
    }

    @Test("the wait doubles up to a minute, with chance taking off up to half, and a storm ends")
    func storm() async throws {
        for (chance, expected) in [(1.0, [1.0, 2, 4, 8, 16, 32, 60, 60]), (0, [0.5, 1, 2, 4, 8, 16, 30, 30])] {
            let clock = TestClock()
            try await Service.answering(busy(429)) { service in
                var options = options(service, clock, chance: chance)
                options.retries = 8
                let error = await listen(to: options).result.error
                #expect(error?.kind == .rateLimited)
                #expect(error?.message.contains("That was request 9.") == true)
                #expect(clock.sleeps == expected)
                #expect(service.received.count == 9)
            }
        }
    }

    @Test(
        "Retry-After is waited at least, in seconds, in milliseconds or until a date in any of HTTP's forms",
        arguments: [
            (["Retry-After": "20"], 20), (["Retry-After": "Fri, 15 Jan 2027 08:00:30 GMT"], 30),
            (["Retry-After": "Friday, 15-Jan-27 08:00:30 GMT"], 30), (["Retry-After": "Fri Jan 15 08:00:30 2027"], 30),
            (["retry-after-ms": "1500", "Retry-After": "2"], 1.5),
            (["Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"], 0),
        ] as [([String: String], Double)])
    func retryAfter(headers: [String: String], seconds: Double) async throws {
        // 2027-01-15 08:00:00 UTC.
        let clock = TestClock(now: Date(timeIntervalSince1970: 1_800_000_000))
        try await Service.answering(busy(429, headers), chatAnswer()) { service in
            _ = try await listen(to: options(service, clock, chance: 0)).result.get()
            #expect(clock.sleeps == [seconds])
        }
    }

    @Test("a service that wants to be left alone for long is, and the error says for how long")
    func tooLong() async throws {
        let clock = TestClock()
        try await Service.answering(busy(429, ["Retry-After": "3600"]), chatAnswer()) { service in
            let error = await listen(to: options(service, clock)).result.error
            #expect(error?.retryAfterSeconds == 3600)
            #expect(error?.help.contains("in 3600 s") == true)
            #expect(clock.sleeps == [])
        }
    }

    @Test("an account without money is not waited for")
    func quota() async throws {
        let answer = Canned(
            status: 429, body: #"{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}"#)
        try await Service.answering(answer, chatAnswer()) { service in
            #expect(await listen(to: options(service, TestClock())).result.kind == .rateLimited)
            #expect(service.received.count == 1)
        }
    }

    @Test("a stream that breaks is asked anew, and what was told of it is taken back")
    func brokenStream() async throws {
        let clock = TestClock()
        let count = Mutex(0)
        try await RawService.playing { connection in
            let isFirst = count.withLock { count in
                count += 1
                return count == 1
            }
            if isFirst {
                let usage =
                    #"data: {"choices":[{"delta":{"content":"lost"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}"#
                try await connection.stream(Array((usage + "\n\n").utf8))
            } else {
                let answer =
                    #"data: {"choices":[{"delta":{"content":"found"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}"#
                try await connection.stream(Array((answer + "\n\ndata: [DONE]\n\n").utf8))
            }
        } _: { service in
            var options = chat(at: "http://\(service.authority)")
            options.clock = clock.clock()
            let (result, events) = await listen(to: options)
            let reply = try result.get()
            #expect(events.pieces == ["lost", "found"])
            #expect(events.restarts.count == 1)
            #expect(events.text == "found" && reply.text == "found")
            // The tokens of both are paid for.
            #expect(reply.usage == Usage(inputTokens: 10, outputTokens: 3))
        }
    }

    @Test("a local server that does not listen gets the time of a restart, no more")
    func notListening() async throws {
        let clock = TestClock()
        let socket = try Socket(domain: AF_INET)
        try socket.bind(to: .inet(ip4: "127.0.0.1", port: 0))
        defer { try? socket.close() }
        guard case .ip4(_, let port) = try socket.sockname() else { throw CocoaError(.featureUnsupported) }
        var options = chat(at: "http://127.0.0.1:\(port)")
        options.clock = clock.clock()
        #expect(await listen(to: options).result.kind == .connectionRefused)
        #expect(clock.sleeps == [1, 2])
    }

    @Test("the limit for all of a request is the user's: beyond it there is no other one")
    func total() async throws {
        let clock = TestClock()
        try await RawService.playing {
            try await $0.holdUntilClosed()
        } _: { service in
            var options = chat(at: "http://\(service.authority)", timeouts: Timeouts(total: 0.2))
            options.clock = clock.clock()
            #expect(await listen(to: options).result.kind == .timeout)
            #expect(clock.sleeps == [])
        }
    }

    @Test("cancelling ends the wait")
    func cancelled() async throws {
        let (waiting, tell) = AsyncStream.makeStream(of: Void.self)
        try await Service.answering(busy(503)) { service in
            var options = chat(at: service.base)
            options.clock = RetryClock(
                sleep: { _ in
                    tell.yield()
                    try await Task.sleep(for: .seconds(3600))
                }, chance: { 1 }, now: { Date() })
            let kind = await withTaskGroup(of: LanguageModelError.Kind?.self) { [options] group in
                group.addTask { await listen(to: options).result.kind }
                for await _ in waiting { break }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(kind == .cancelled)
        }
    }
}
