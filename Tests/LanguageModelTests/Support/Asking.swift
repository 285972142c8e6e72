import Foundation
import Synchronization

@testable import LanguageModel

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

/// The events of a stream, each with its type.
func eventStream(_ events: String...) -> Canned {
    Canned(
        headers: ["Content-Type": "text/event-stream"],
        body: events.map { event in
            let type = event.firstMatch(of: /^\{"type":"([a-z_.]+)"/).map { "event: \($0.output.1)\n" } ?? ""
            return "\(type)data: \(event)\n\n"
        }.joined())
}

/// As the program does at its start: a side that is gone must not take the tests with it.
private let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

/// The reply, or the error in its place; at the first try.
func ask(
    _ options: ModelOptions, _ environment: [String: String] = keys, _ messages: [Message] = prompt,
    schema: ResponseSchema? = nil
) async -> Result<Reply, LanguageModelError> {
    var options = options
    options.retries = 0
    return await listen(to: options, environment, messages, schema: schema).result
}

/// The reply, or the error in its place, and all that was told until then.
func listen(
    to options: ModelOptions, _ environment: [String: String] = keys, _ messages: [Message] = prompt,
    schema: ResponseSchema? = nil
) async -> (result: Result<Reply, LanguageModelError>, events: [ModelEvent]) {
    ignoresBrokenPipes
    do throws(LanguageModelError) {
        let model = try makeLanguageModel(options, environment: environment)
        return await listen(to: model, messages, schema: schema)
    } catch {
        return (.failure(error), [])
    }
}

func listen(
    to model: any LanguageModel, _ messages: [Message] = prompt, schema: ResponseSchema? = nil
) async -> (result: Result<Reply, LanguageModelError>, events: [ModelEvent]) {
    ignoresBrokenPipes
    let events = Mutex<[ModelEvent]>([])
    let request = ModelRequest(messages: messages, responseSchema: schema)
    do throws(LanguageModelError) {
        let reply = try await model.reply(to: request) { event in events.withLock { $0.append(event) } }
        return (.success(reply), events.withLock { $0 })
    } catch {
        return (.failure(error), events.withLock { $0 })
    }
}

extension [ModelEvent] {
    /// What a consumer has as the text at the end.
    var text: String {
        reduce(into: "") { text, event in
            switch event {
            case .text(let piece): text += piece
            case .restart: text = ""
            case .note: break
            }
        }
    }

    var pieces: [String] { compactMap { if case .text(let text) = $0 { text } else { nil } } }
    var notes: [String] { compactMap { if case .note(let note) = $0 { note } else { nil } } }
    var restarts: [String] { compactMap { if case .restart(let reason) = $0 { reason } else { nil } } }
}

/// A schema that every provider takes.
let configSchema = ResponseSchema(
    name: "configs",
    json: #"{"type":"object","properties":{"z":{"type":"integer"},"a":{"type":"string"}},"required":["z","a"],"#
        + #""additionalProperties":false}"#)

/// Time that passes at once: what was slept is remembered.
final class TestClock: Sendable {
    private let slept = Mutex<[Double]>([])
    let now: Date

    init(now: Date = Date(timeIntervalSince1970: 1_800_000_000)) { self.now = now }

    var sleeps: [Double] { slept.withLock { $0 } }

    func clock(chance: Double = 1) -> RetryClock {
        RetryClock(
            sleep: { [self] seconds in slept.withLock { $0.append(seconds) } }, chance: { chance },
            now: { [now] in now })
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
