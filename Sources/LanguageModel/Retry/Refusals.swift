internal import Synchronization

/// What a service's refusals have taught, for all requests of a run.
final class Refusals: Sendable {
    private let state = Mutex(RefusedParameters())

    var learned: RefusedParameters { state.withLock { $0 } }

    /// Learns from a refusal; nil where it names nothing that can be done without.
    func learn(_ refusal: Refusal, of call: ModelCall, format: any WireFormat, keepsSchema: Bool) -> String? {
        let chat = format as? ChatCompletions
        return state.withLock { refused in
            refused.learn(
                from: refusal.words, naming: refusal.parameter,
                sent: { call.carries($0, format) }, outputLimitSent: call.outputLimit(format),
                canSwapLimitName: chat != nil, canSwapSchemaForm: chat.map { !$0.isOpenAI } ?? false,
                keepsSchema: keepsSchema)
        }
    }
}

/// A service's word that it does not take a request as it is.
struct Refusal: Sendable {
    var status: Int
    /// All that it said.
    var words: String
    /// The parameter that it names outside of its words.
    var parameter: String?

    /// Whether a status is one by which services refuse a parameter.
    ///
    /// Servers that make a grammar of a schema are seen to fail over one (500), gateways to have no server for one (404).
    init?(_ response: HTTPResponse) {
        let document = JSONValue.parse(response.body)
        words = String(decoding: response.body.prefix(16 << 10), as: UTF8.self)
        parameter = document?["error"]?["param"]?.string
        status = response.status
        guard [400, 404, 415, 422, 500, 501].contains(status) else { return nil }
        if ![400, 422].contains(status), !OptionalParameter.schema.isNamed(in: words) { return nil }
    }
}

extension ModelCall {
    /// Whether the request has the parameter in it, as far as a call tells.
    func carries(_ parameter: OptionalParameter, _ format: any WireFormat) -> Bool {
        guard sends(parameter) else { return false }
        return switch parameter {
        case .schema: schema != nil
        case .temperature: temperature != nil
        case .reasoningEffort: reasoningEffort != nil
        case .outputLimit: outputLimit(format) != nil
        case .streamUsage: streams
        case .promptCaching, .store, .stream: true
        }
    }
}
