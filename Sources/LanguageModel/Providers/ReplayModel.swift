import Foundation

/// Answers with recorded replies: `round-0.txt` to a conversation's first prompt, `round-1.txt` to the second, ….
struct ReplayModel: LanguageModel {
    let directory: String

    var name: String { "replay \(directory)" }

    /// Refuses a folder that is not there, before a run begins.
    init(directory: String) throws(LanguageModelError) {
        guard (try? FileManager.default.contentsOfDirectory(atPath: directory)) != nil else {
            throw LanguageModelError(
                .noRecording, "There is no folder of recorded replies at \(directory).",
                help: "Name the folder that holds round-0.txt, round-1.txt, …")
        }
        self.directory = directory
    }

    func reply(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async -> Void
    ) async throws(LanguageModelError) -> Reply {
        let reply = try await wholeReply(to: request.messages)
        await onEvent(.text(reply.text))
        for note in reply.notes { await onEvent(.note(note)) }
        return reply
    }

    private func wholeReply(to messages: [Message]) async throws(LanguageModelError) -> Reply {
        // Stateless: what was answered before tells which round this is.
        let round = messages.count { $0.role == .assistant }
        let text = try text(ofRound: round)
        let record = try record(ofRound: round)
        return Reply(
            text: text, model: record?.model ?? "replay", isTruncated: record?.truncated ?? false,
            notes: record.map { notes(on: $0, messages, round: round) } ?? [])
    }

    private func path(_ file: String) -> String { directory + (directory.hasSuffix("/") ? "" : "/") + file }

    private func text(ofRound round: Int) throws(LanguageModelError) -> String {
        let path = path("round-\(round).txt")
        guard let bytes = FileManager.default.contents(atPath: path) else {
            let files = (0...).lazy.map { self.path("round-\($0).txt") }
            let recorded = files.prefix { FileManager.default.isReadableFile(atPath: $0) }.reduce(0) { count, _ in
                count + 1
            }
            throw LanguageModelError(
                .noRecording, "There is no recorded reply for round \(round): \(path) cannot be read.",
                help: recorded == 0
                    ? "Put the replies' text into round-0.txt, round-1.txt, …"
                    : "The recording has \(recorded) round\(recorded == 1 ? "" : "s"): give --rounds \(recorded).")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard !text.allSatisfy(\.isWhitespace) else {
            throw LanguageModelError(.emptyReply, "The recorded reply \(path) is empty.", help: "Record it anew.")
        }
        return text
    }

    private struct Record: Decodable {
        var model: String?
        var date: String?
        var promptSha256: String?
        var truncated: Bool?
    }

    private func record(ofRound round: Int) throws(LanguageModelError) -> Record? {
        let path = path("round-\(round).json")
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Record.self, from: bytes)
        } catch {
            throw LanguageModelError(
                .malformedReply, "\(path) is not a JSON object whose model, date and prompt_sha256 are strings.",
                help: "Correct it, or remove it: it is optional.")
        }
    }

    private func notes(on record: Record, _ messages: [Message], round: Int) -> [String] {
        guard let recorded = record.promptSha256, recorded.lowercased() != promptHash(messages) else { return [] }
        let date = record.date.map { " on \($0.quoted(atMost: 40))" } ?? ""
        return [
            "the reply of round \(round) was recorded\(date) for another prompt: another device or other measurements"
        ]
    }
}
