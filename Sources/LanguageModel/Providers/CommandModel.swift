import Foundation

/// Asks any program: the conversation as JSON on its stdin, the reply's text from its stdout.
struct CommandModel: LanguageModel {
    /// The model that the program is told of; it may ignore it.
    let model: String?
    /// The program and its arguments, which never pass through a shell.
    let command: [String]
    let program: String
    let environment: Secret<[String: String]>
    /// Seconds for all of it.
    let limit: Double
    let redactor: Redactor

    init(
        model: String?, command: [String], environment: [String: String], limit: Double
    ) throws(LanguageModelError) {
        guard let program = command.first, !program.isEmpty, !command.contains(where: { $0.utf8.contains(0) }) else {
            throw LanguageModelError(
                .badOptions, "No program is given that could answer as the language model.",
                help: "Give --provider command --model \"PROGRAM ARGUMENTS\".")
        }
        self.model = model
        self.command = command
        self.program = String(program.split(separator: "/").last ?? program[...])
        self.environment = Secret(environment)
        self.limit = limit
        redactor = Redactor(environment: environment)
    }

    // The arguments are left out: people put keys there.
    var name: String { model.map { "\($0) (command \(program))" } ?? "command \(program)" }

    private struct Request: Encodable {
        var model: String?
        var messages: [Message]

        enum CodingKeys: CodingKey { case model, messages }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            // An explicit null where there is none: programs find the key in each case.
            try container.encode(model, forKey: .model)
            try container.encode(messages, forKey: .messages)
        }
    }

    func reply(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async -> Void
    ) async throws(LanguageModelError) -> Reply {
        let child = ChildProgram(command: command, environment: environment.value, outputLimitBytes: 32 << 20)
        let input = try input(for: request.messages)
        let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        async let running = child.run(input: input, limit: .seconds(limit), pieces: continuation)
        var (decoder, redacted, text) = (UTF8Pieces(), StreamRedactor(redactor), "")
        for await piece in pieces {
            let news = redacted.take(decoder.take(piece))
            text += news
            if !news.isEmpty { await onEvent(.text(news)) }
        }
        let ending = await running
        let rest = redacted.take(decoder.end()) + redacted.end()
        switch ending {
        case .exited(0, _, _):
            if !rest.isEmpty { await onEvent(.text(rest)) }
            return try reply(text + rest)
        case .exited(let code, _, let log): throw failure("ended with exit code \(code)", log: log)
        case .killed(let signal, let log): throw failure("was killed by signal \(signal)", log: log)
        case .tooMuch(let limitBytes):
            throw LanguageModelError(
                .replyTooLarge, "The program \(program) wrote more than \(limitBytes >> 20) MB.",
                help: "It is to write the reply's text to stdout, and nothing else.")
        case .notStarted(let reason):
            throw LanguageModelError(
                .commandFailed, "The program \(program) cannot be started: \(redactor.redact(reason).oneLine)",
                help: "Check that it exists, is executable, and is found in PATH if it is given without a folder.")
        case .timedOut:
            throw LanguageModelError(
                .timeout, "The program \(program) took longer than \(limit.plain) s in total, and was killed.",
                help: "Raise this time limit, or look at why it hangs.")
        case .cancelled:
            throw LanguageModelError(.cancelled, "The program \(program) was cancelled.", help: "")
        }
    }

    private func input(for messages: [Message]) throws(LanguageModelError) -> [UInt8] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return [UInt8](try encoder.encode(Request(model: model, messages: messages))) + [UInt8(ascii: "\n")]
        } catch {
            throw LanguageModelError(
                .badRequest, "The prompt cannot be written as JSON: \(error).", help: "Check the prompt's templates.")
        }
    }

    private func reply(_ text: String) throws(LanguageModelError) -> Reply {
        guard !text.allSatisfy(\.isWhitespace) else {
            throw LanguageModelError(
                .emptyReply, "The program \(program) ended well, but wrote no reply.",
                help: "It is to write the reply's text to stdout.")
        }
        return Reply(text: text, model: redactor.redact(model ?? program))
    }

    private func failure(_ what: String, log: [UInt8]) -> LanguageModelError {
        let lines = redactor.redact(String(decoding: log, as: UTF8.self)).split(whereSeparator: \.isNewline)
            .map { $0.quoted(atMost: 200) }.filter { !$0.isEmpty }.suffix(5)
        let words = lines.isEmpty ? ", without a word on stderr." : ([";"] + lines).joined(separator: "\n  ")
        return LanguageModelError(
            .commandFailed, "The program \(program) \(what)\(words)",
            help: "Run it by hand with {\"model\":…,\"messages\":[{\"role\":…,\"content\":…}]} on its stdin.")
    }
}
