internal import Foundation

/// Keeps the replies of another model in a folder, so that `replay` can give them back.
///
/// Each reply is two files: `round-N.txt` with its text, `round-N.json` with what it is and the hash of the prompt.
struct RecordingModel: LanguageModel {
    private let model: any LanguageModel
    private let directory: String
    private let kind: String
    private let provider: Provider

    /// Makes the folder, before anything is asked or paid for.
    init(
        _ model: any LanguageModel, directory: String, kind: String, provider: Provider
    ) throws(LanguageModelError) {
        self.model = model
        self.directory = directory
        self.kind = kind
        self.provider = provider
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw LanguageModelError(
                .notRecordable,
                "The folder \(directory.oneLine) for recordings cannot be made: \(error.localizedDescription)",
                help: "Check --record.")
        }
        guard FileManager.default.isWritableFile(atPath: directory) else {
            throw LanguageModelError(
                .notRecordable, "The folder \(directory.oneLine) for recordings cannot be written.",
                help: "Check --record.")
        }
    }

    var name: String { model.name }
    var schemaDialect: SchemaDialect? { model.schemaDialect }

    func reply(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async -> Void
    ) async throws(LanguageModelError) -> Reply {
        var reply = try await model.reply(to: request, onEvent: onEvent)
        do {
            try record(reply, to: request.messages)
        } catch {
            // The reply is paid for: the run goes on with it.
            let note = "the reply could not be recorded in \(directory.oneLine): \(error.localizedDescription)"
            reply.notes.append(note)
            await onEvent(.note(note))
        }
        return reply
    }

    private func record(_ reply: Reply, to messages: [Message]) throws {
        let round = messages.count { $0.role == .assistant }
        let usage = reply.usage.map { usage in
            JSONText.members([
                "input_tokens": usage.inputTokens.map { .int($0) },
                "cached_input_tokens": usage.cachedInputTokens.map { .int($0) },
                "cache_write_tokens": usage.cacheWriteTokens.map { .int($0) },
                "output_tokens": usage.outputTokens.map { .int($0) },
                "reasoning_tokens": usage.reasoningTokens.map { .int($0) },
            ])
        }
        let record = JSONText.members([
            "kind": .string(kind), "model": .string(reply.model), "provider": .string(provider.rawValue),
            "date": .string(Date().formatted(.iso8601)), "prompt_sha256": .string(promptHash(messages)),
            "truncated": reply.isTruncated ? true : nil, "usage": usage,
        ])
        try write(Array(reply.text.utf8), to: "round-\(round).txt")
        try write(record.utf8 + [UInt8(ascii: "\n")], to: "round-\(round).json")
    }

    private func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(filePath: directory).appending(path: file), options: .atomic)
    }
}
