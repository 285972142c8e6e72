internal import Synchronization

/// What a service's refusals have taught, for all requests of a run.
final class Refusals: Sendable {
    private let state = Mutex(RefusedParameters())

    var learned: RefusedParameters { state.withLock { $0 } }

    /// Learns from a refusal; nil where it names nothing that can be done without.
    func learn(_ refusal: Refusal, of call: ModelCall, format: any WireFormat, keepsSchema: Bool) -> String? {
        state.withLock { refused in
            refused.learn(
                from: refusal, sent: { call.carries($0, format) }, outputLimit: call.outputLimit(format),
                other: format.otherForms, keepsSchema: keepsSchema)
        }
    }
}

/// A service's word that it does not take a request as it is.
struct Refusal: Sendable {
    var status: Int
    /// All that it said.
    var words: String
    /// Its message alone.
    var message: String
    /// The parameter that it names outside of its words.
    var parameter: String?

    /// Whether a status is one by which services refuse a parameter.
    ///
    /// Servers that make a grammar of a schema are seen to fail over one (500), gateways to have no server for one (404).
    init?(_ response: HTTPResponse) {
        let document = JSONValue.parse(response.body)
        words = String(decoding: response.body.prefix(16 << 10), as: UTF8.self)
        message = document.flatMap(ServiceMessage.words(in:)) ?? words
        parameter = document?["error"]?["param"]?.string
        status = response.status
        guard [400, 404, 415, 422, 500, 501].contains(status) else { return nil }
        if ![400, 422].contains(status), OptionalParameter.schema.weight(in: words) == 0 { return nil }
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
