import FlyingSocks
import Foundation
import LoopbackServices
import Synchronization
import Testing

/// A service that answers the first round well and then has a bad day: whatever it does, the run ends with what it measured.
@Suite(.timeLimit(.minutes(2))) struct MisbehavingServiceTests {
    struct BadDay: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// What the user is told.
        var told: String
        typealias Script = @Sendable (AsyncSocket) async throws -> Void
        var script: Script

        init(_ description: String, told: String, _ script: @escaping Script) {
            (testDescription, self.told, self.script) = (description, told, script)
        }
    }

    /// The beginning of a reply whose rest never comes.
    private static let begun = event(#"{\"configs\":["#)

    private static func event(_ content: String, finish: Bool = false) -> [UInt8] {
        let reason = finish ? #","finish_reason":"stop""# : ""
        return Array("data: {\"choices\":[{\"delta\":{\"content\":\"\(content)\"}\(reason)}]}\n\n".utf8)
    }

    private static func status(_ line: String, _ headers: String = "", body: String = "") -> BadDay.Script {
        { connection in
            try await connection.readRequest()
            try await connection.write(
                "HTTP/1.1 \(line)\r\n\(headers)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        }
    }

    static let badDays = [
        BadDay("it is stuck in the middle of a reply", told: "1 s between two bytes") {
            try await $0.stream(begun)
            try await $0.holdUntilClosed()
        },
        BadDay("it takes the request and says nothing", told: "1 s for the first byte of the answer") {
            try await $0.readRequest()
            try await $0.holdUntilClosed()
        },
        BadDay("it resets the connection", told: "asking again in") {
            try $0.socket.setValue(Linger.nothing, for: Linger())
            try await $0.stream(begun)
        },
        BadDay("it closes the connection in half a character", told: "ended before the reply was complete") {
            try await $0.stream(begun + [0x64, 0x61, 0x74, 0x61, 0x3A, 0x20, 0xC3])
        },
        BadDay("it closes the connection without an answer", told: "broke before an answer came") {
            try await $0.readRequest()
        },
        BadDay(
            "it sends a page in place of a reply", told: "Please log in",
            status("200 OK", "Content-Type: text/html\r\n", body: "<html><title>Please log in</title></html>")),
        BadDay("its stream never ends", told: "32 MB") { connection in
            try await connection.stream()
            let block = ":" + String(repeating: " still thinking", count: 65_536) + "\n"
            while true { try await connection.write(block) }
        },
        BadDay(
            "it redirects to another host", told: "elsewhere.example",
            status("307 Temporary Redirect", "Location: https://elsewhere.example/v1/chat/completions\r\n")),
        BadDay("it has had too many requests", told: "HTTP 429", status("429 Too Many Requests", "Retry-After: 0\r\n")),
        BadDay("it has failed", told: "HTTP 500", status("500 Internal Server Error", body: "out of memory")),
        BadDay(
            "it refuses the key", told: "OPENAI_API_KEY",
            status("401 Unauthorized", body: #"{"error":{"message":"wrong key \#(key)"}}"#)),
    ]

    static let key = "sk-test-0123456789abcdef"

    @Test(
        "what was measured before is on disk and is the result, the reason is told, and the key is nowhere",
        arguments: badDays)
    func laterRound(_ day: BadDay) async throws {
        let folder = try Folder()
        try TestKernel.write(
            modes: ["slow", "fast"],
            body: "right(n, x, y);\n    for (volatile int i = 0; i < (MODE == slow ? 300000 : 1000); i++);", to: folder)
        let first = Self.event(#"{\"configs\":[{\"MODE\":\"fast\"}]}"#, finish: true)
        let asked = Mutex(0)
        try await RawService.playing { connection in
            if asked.withLock({
                $0 += 1
                return $0 == 1
            }) {
                try await connection.stream(first)
            } else {
                try await day.script(connection)
            }
        } _: { service in
            let run = try await Program.run(
                [
                    "kernel.json", "--strategy", "llm", "--rounds", "2", "--model", "some-model", "--base-url",
                    "http://\(service.authority)/v1",
                    "--model-retries", "1", "--idle-timeout", "1", "--thinking-timeout", "1", "--model-timeout", "20",
                    "--first-byte-timeout", "1", "--session", "run",
                ], in: folder, environment: ["OPENAI_API_KEY": Self.key])
            #expect(run.exitCode == 0, "\(run.errors)")
            #expect(run.errors.contains(day.told), "\(run.errors)")
            #expect(run.output.contains("stopped because the model did not answer"))
            #expect(run.output.contains("\n" + #"{"MODE":"fast"}"# + "\n"))
            let best = try #require(try folder.json("run/result.json")["best"] as? [String: Any])
            #expect((best["config"] as? [String: String])?["MODE"] == "fast")
            #expect(try TestKernel.evaluations(folder)["fast"] != nil)
            #expect(!(run.output + run.errors).contains(Self.key))
            for file in FileManager.default.enumerator(atPath: folder.path + "/run")?.allObjects as? [String] ?? [] {
                let data = FileManager.default.contents(atPath: folder.path + "/run/" + file) ?? Data()
                #expect(data.firstRange(of: Data(Self.key.utf8)) == nil, "\(file)")
            }
        }
    }
}
