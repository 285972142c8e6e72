import Foundation
import LanguageModel
import Testing

@Suite("Replaying recorded replies") struct ReplayModelTests {
    /// Runs the body with a folder of these files.
    private func recording(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try await body(folder.path)
    }

    private func replay(_ directory: String) -> ModelOptions { ModelOptions(replayDirectory: directory) }

    /// The conversation after so many replies.
    private func conversation(rounds: Int) -> [Message] {
        prompt
            + (0..<rounds).flatMap { round in
                [Message(role: .assistant, content: "r\(round)"), Message(role: .user, content: "next")]
            }
    }

    @Test("the round is told by the replies in the conversation, in whatever order it is asked")
    func rounds() async throws {
        try await recording(["round-0.txt": "zero\n", "round-1.txt": "one"]) { directory in
            for (round, text) in [(1, "one"), (0, "zero\n"), (1, "one")] {
                let reply = try await ask(replay(directory), [:], conversation(rounds: round)).get()
                #expect(reply.text == text)
                #expect(reply.notes.isEmpty)
            }
            #expect(try makeLanguageModel(replay(directory), environment: [:]).name == "replay \(directory)")
        }
    }

    @Test("the model is the recorded one, and a prompt that is the recorded one needs no note")
    func samePrompt() async throws {
        let json = #"{"model":"gpt-5","date":"2026-01-02","prompt_sha256":"\#(promptHash(prompt).uppercased())"}"#
        try await recording(["round-0.txt": "x", "round-0.json": json]) { directory in
            let reply = try await ask(replay(directory), [:]).get()
            #expect(reply.model == "gpt-5")
            #expect(reply.notes.isEmpty)
        }
    }

    @Test("a prompt that differs from the recorded one is noted")
    func otherPrompt() async throws {
        let json = #"{"prompt_sha256":"00","date":"2026-01-02","kernel":"unknown keys are left alone"}"#
        try await recording(["round-0.txt": "x", "round-0.json": json]) { directory in
            let reply = try await ask(replay(directory), [:]).get()
            let note = try #require(reply.notes.first)
            #expect(note.contains("round 0") && note.contains("2026-01-02") && note.contains("another prompt"))
        }
    }

    @Test("a round that was not recorded is an error with the file's name and the number of rounds")
    func missingRound() async throws {
        try await recording(["round-0.txt": "x"]) { directory in
            let error = await ask(replay(directory), [:], conversation(rounds: 3)).error
            #expect(error?.kind == .noRecording)
            #expect(error?.message.contains("\(directory)/round-3.txt") == true)
            #expect(error?.help.contains("1 round:") == true)
        }
    }

    @Test("a missing folder is an error before anything is asked")
    func missingFolder() async throws {
        try await recording([:]) { directory in
            let error = #expect(throws: LanguageModelError.self) {
                try makeLanguageModel(replay(directory + "/none"), environment: [:])
            }
            #expect(error?.kind == .noRecording)
            #expect(error?.message.contains("\(directory)/none") == true)
        }
    }

    @Test("a blank reply and a broken note file are errors with their names")
    func broken() async throws {
        let files = ["round-0.txt": " \n", "round-1.txt": "x", "round-1.json": "{"]
        try await recording(files) { directory in
            let blank = await ask(replay(directory), [:]).error
            #expect(blank?.kind == .emptyReply)
            #expect(blank?.message.contains("round-0.txt") == true)
            let broken = await ask(replay(directory), [:], conversation(rounds: 1)).error
            #expect(broken?.kind == .malformedReply)
            #expect(broken?.message.contains("round-1.json") == true)
        }
    }

    @Test("the hash is that of roles, lengths and texts, so that where a message ends counts")
    func hash() {
        // printf 'system\n1\na\nuser\n2\nbc\n' | sha256sum
        let messages = [Message(role: .system, content: "a"), Message(role: .user, content: "bc")]
        #expect(promptHash(messages) == "045c5c7693f569429dd1665a3baffd69f05a87fd125330fb643144ca5b0f955a")
        let shifted = [Message(role: .system, content: "ab"), Message(role: .user, content: "c")]
        #expect(promptHash(messages) != promptHash(shifted))
    }
}
