import Foundation
import LanguageModel
import Testing

@Suite("Recording replies") struct RecordingTests {
    /// Runs the body with the path of a folder that is not there yet.
    private func folder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)/replies")
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        try await body(folder.path)
    }

    private let second = prompt + [Message(role: .assistant, content: "zero"), Message(role: .user, content: "next")]

    @Test("what was recorded is replayed, as the same model's, without a note")
    func roundTrip() async throws {
        try await folder { folder in
            try await Service.answering(chatAnswer("zero"), chatAnswer("one", finish: "length")) { service in
                var options = chat(at: service.base)
                options.recordDirectory = folder
                _ = try await ask(options).get()
                _ = try await ask(options, keys, second).get()
            }
            for (messages, text) in [(prompt, "zero"), (second, "one")] {
                let reply = try await ask(ModelOptions(replayDirectory: folder), [:], messages).get()
                #expect(reply == Reply(text: text, model: "served", isTruncated: text == "one"))
            }
            let other = try await ask(ModelOptions(replayDirectory: folder), [:], [prompt[0]]).get()
            #expect(other.notes.first?.contains("for another prompt") == true)
        }
    }

    @Test("a recording says what it is, of which prompt, and what it cost, and holds no key")
    func record() async throws {
        let usage = #""usage":{"prompt_tokens":5,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens":6}"#
        let answer = Canned(
            body:
                #"{"model":"served","choices":[{"message":{"content":"say \#(secretKey)"},"finish_reason":"stop"}],\#(usage)}"#
        )
        try await folder { folder in
            try await Service.answering(answer) { service in
                var options = chat(at: service.base)
                options.recordDirectory = folder
                _ = try await ask(options).get()
            }
            let text = try String(contentsOfFile: folder + "/round-0.txt", encoding: .utf8)
            #expect(text == "say [key]")
            let record = try String(contentsOfFile: folder + "/round-0.json", encoding: .utf8)
            let start =
                #"{"kind":"live reply","model":"served","provider":"chat","date":"DATE","prompt_sha256":"\#(promptHash(prompt))","#
            #expect(
                record.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "DATE")
                    == start + #""usage":{"input_tokens":5,"cached_input_tokens":4,"output_tokens":6}}"# + "\n")
            #expect(!record.contains(secretKey))
        }
    }

    @Test("a program's reply is not called live")
    func program() async throws {
        try await folder { folder in
            var options = ModelOptions(command: ["/bin/echo", "hi"])
            options.recordDirectory = folder
            _ = try await ask(options, ["PATH": "/usr/bin:/bin"]).get()
            let record = try String(contentsOfFile: folder + "/round-0.json", encoding: .utf8)
            #expect(record.contains(#""kind":"reply of a program""#))
        }
    }

    @Test("a folder that cannot be made is an error before anything is asked")
    func noFolder() async throws {
        try await Service.answering(chatAnswer()) { service in
            var options = chat(at: service.base)
            options.recordDirectory = "/dev/null/replies"
            let error = await ask(options).error
            #expect(error?.kind == .notRecordable)
            #expect(error?.message.contains("/dev/null/replies") == true)
            #expect(service.received.isEmpty)
        }
    }

    @Test("a folder that goes away costs a note, not the reply")
    func lost() async throws {
        try await folder { folder in
            try await Service.answering(chatAnswer("kept")) { service in
                var options = chat(at: service.base)
                options.recordDirectory = folder
                let model = try makeLanguageModel(options, environment: [:])
                try FileManager.default.removeItem(atPath: folder)
                let (result, events) = await listen(to: model)
                let reply = try result.get()
                #expect(reply.text == "kept")
                #expect(reply.notes.count == 1 && events.notes == reply.notes)
                #expect(reply.notes.first?.contains(folder) == true)
            }
        }
    }

    @Test("recorded replies are not recorded again")
    func replayed() async throws {
        try await folder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var options = ModelOptions(replayDirectory: folder)
            options.recordDirectory = folder
            #expect(await ask(options).kind == .badOptions)
        }
    }
}
