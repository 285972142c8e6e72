import Foundation
import LanguageModel

/// A prompt as a run would send it.
let prompt = [
    Message(role: .system, content: "You tune kernels."), Message(role: .user, content: "Propose \"configs\" for a/b."),
]

/// The key that tests send, and that no message may show.
let secretKey = "sk-test-0123456789abcdef"

/// Keys for every provider, and nothing else.
let keys = ["OPENAI_API_KEY": secretKey, "ANTHROPIC_API_KEY": secretKey, "OPENROUTER_API_KEY": secretKey]

/// A minimal answer of Chat Completions.
func chatAnswer(_ text: String = "hello", finish: String = "stop") -> Canned {
    Canned(
        body: #"{"model":"served","choices":[{"message":{"role":"assistant","content":"\#(text)"},"#
            + #""finish_reason":"\#(finish)"}]}"#)
}

/// As the program does at its start: a side that is gone must not take the tests with it.
private let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

/// The reply, or the error in its place.
func ask(
    _ options: ModelOptions, _ environment: [String: String] = keys, _ messages: [Message] = prompt
) async -> Result<Reply, LanguageModelError> {
    ignoresBrokenPipes
    do throws(LanguageModelError) {
        let model = try makeLanguageModel(options, environment: environment)
        return .success(try await model.reply(to: ModelRequest(messages: messages)))
    } catch {
        return .failure(error)
    }
}

extension Result where Failure == LanguageModelError {
    var error: LanguageModelError? {
        if case .failure(let error) = self { error } else { nil }
    }

    var kind: LanguageModelError.Kind? { error?.kind }
}

/// Options for Chat Completions at a loopback address.
func chat(at base: String, timeouts: Timeouts = Timeouts()) -> ModelOptions {
    ModelOptions(model: "m", baseURL: base, timeouts: timeouts)
}
