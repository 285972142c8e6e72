internal import Foundation

/// Gives the key for each request; one that a command prints is asked for once, and again when it is refused.
actor KeyProvider {
    enum Source: Sendable {
        case fixed(APIKey?)
        /// A program and its arguments that print the key, with the environment that it runs in.
        case command([String], environment: Secret<[String: String]>)
    }

    private static let limit: Duration = .seconds(60)

    private let source: Source
    private var printed: APIKey?

    init(_ source: Source) { self.source = source }

    func key() async throws(LanguageModelError) -> APIKey? {
        switch source {
        case .fixed(let key): return key
        case .command(let command, let environment):
            if let printed { return printed }
            let key = try await Self.run(command, environment: environment.value)
            printed = key
            return key
        }
    }

    /// Forgets a key that was refused: tokens of clouds are valid for an hour.
    ///
    /// - Returns: Whether there may be another one now.
    func renew() -> Bool {
        guard case .command = source, printed != nil else { return false }
        printed = nil
        return true
    }

    private static func run(_ command: [String], environment: [String: String]) async throws(LanguageModelError)
        -> APIKey
    {
        let child = ChildProgram(command: command, environment: environment, outputLimitBytes: 64 << 10)
        let name = (command.first ?? "").oneLine
        func failure(_ what: String) -> LanguageModelError {
            LanguageModelError(
                .noKey, "The program of --api-key-command, \(name), \(what).",
                help: "Run it by hand: it has to print the key to stdout, and nothing else.")
        }
        switch await child.run(input: [], limit: limit) {
        case .exited(0, let output, _):
            let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            return try APIKey(text, origin: "that \(name) printed")
        // What it wrote is not shown: it may be the key, or a password.
        case .exited(let code, _, _): throw failure("ended with exit code \(code)")
        case .killed(let signal, _): throw failure("was killed by signal \(signal)")
        case .notStarted: throw failure("cannot be started")
        case .tooMuch: throw failure("printed far more than a key")
        case .timedOut: throw failure("took longer than 60 s")
        case .cancelled: throw LanguageModelError(.cancelled, "The program \(name) was cancelled.", help: "")
        }
    }
}
