internal import Foundation

/// A model behind an HTTP API: one wire format, one endpoint, one transport.
///
/// Here is what is done about a request that fails: what the service refuses is left out, what may pass is waited for,
/// a reply that was cut off is asked for again with a higher limit. One request is in `HTTPAttempt`.
struct HTTPLanguageModel: LanguageModel {
    let name: String
    let format: any WireFormat
    let endpoint: Endpoint
    let transport: any HTTPTransport
    let authorization: Authorization
    let extraHeaders: ExtraHeaders
    let redactor: Redactor
    let timeouts: Timeouts
    let preferences: RequestPreferences
    let retry: RetryPolicy
    let clock: RetryClock
    let refusals = Refusals()
    /// What to set where a key is missing or refused.
    let keyVariable: String

    var schemaDialect: SchemaDialect? {
        let isAble =
            switch preferences.structured {
            case .off: false
            // What the table denies is tried where the user insists on it.
            case .on: true
            case .auto: ModelFacts.of(format.model).isStructured && !refusals.learned.parameters.contains(.schema)
            }
        return isAble ? format.schemaDialect : nil
    }

    func reply(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async -> Void
    ) async throws(LanguageModelError) -> Reply {
        var call = self.call(for: request)
        let reply = try await reply(to: call, onEvent: onEvent)
        guard reply.isTruncated, let limit = raisedLimit(of: call, spent: reply.usage) else { return reply }

        call.maxOutputTokens = limit
        let reason = "the reply was cut off at its length limit; asking again with \(limit) tokens"
        await onEvent(.restart(reason: reason))
        do {
            var second = try await self.reply(to: call, onEvent: onEvent)
            second.usage = sum(reply.usage, second.usage)
            second.notes = reply.notes + [reason] + second.notes
            return second
        } catch  where error.kind != .cancelled {
            // Half a reply is better than none.
            let reason = "no longer reply came: \(error.message)"
            await onEvent(.restart(reason: reason))
            await onEvent(.text(reply.text))
            var first = reply
            first.usage = sum(reply.usage, error.usage)
            first.notes.append(reason)
            return first
        }
    }

    private func call(for request: ModelRequest) -> ModelCall {
        ModelCall(
            messages: request.messages, schema: schemaDialect == nil ? nil : request.responseSchema,
            maxOutputTokens: preferences.maxOutputTokens,
            temperature: ModelFacts.of(format.model).takesTemperature ? preferences.temperature : nil,
            reasoningEffort: preferences.reasoningEffort,
            // The same for all rounds of a conversation: they begin alike.
            cacheKey: "autotune-" + promptHash(Array(request.messages.prefix(2))).prefix(16))
    }

    /// Twice the limit that was sent, where the model allows more than that.
    private func raisedLimit(of call: ModelCall, spent: Usage?) -> Int? {
        var call = call
        call.refused = refusals.learned
        guard let sent = call.outputLimit(format) else { return nil }
        // A reply that ends below its limit ran into another one, such as the length of the context.
        if let output = spent?.outputTokens, output < sent / 2 { return nil }
        let most = min(ModelFacts.of(format.model).maxOutputTokens ?? .max, call.refused.outputLimit ?? .max)
        let raised = min(2 * sent, most)
        return raised > sent ? raised : nil
    }

    /// Asks until there is a reply, or nothing is left to try.
    private func reply(
        to call: ModelCall, onEvent: @Sendable (ModelEvent) async -> Void
    ) async throws(LanguageModelError) -> Reply {
        var call = call
        var (failures, notes, spent) = (0, [String](), Usage?.none)
        var isKeyRenewed = false
        while true {
            call.refused = refusals.learned
            var attempt = HTTPAttempt(model: self, call: call)
            do throws(AttemptFailure) {
                var reply = try await attempt.run(onEvent: onEvent)
                reply.usage = sum(spent, reply.usage)
                reply.notes = notes + reply.notes
                return reply
            } catch {
                spent = sum(spent, error.usage)
                var seconds: Double?
                let note: String
                if let refusal = error.refusal, let change = learn(from: refusal, call) {
                    note = "\(endpoint.host) refuses a request (HTTP \(refusal.status)): \(change)"
                } else if error.error.kind == .unauthorized, !isKeyRenewed, await renewKey() {
                    isKeyRenewed = true
                    note = "\(endpoint.host) refused the key: the command is asked for a new one"
                } else {
                    let wait = try wait(after: error.error, failures: failures, spent: spent)
                    failures += 1
                    seconds = wait
                    let plan = "asking again in \(wait.tenths) s (\(failures) of \(retry.retries))"
                    note = "\(plan): \(error.error.message)"
                }
                notes.append(note)
                await onEvent(attempt.hasToldText ? .restart(reason: note) : .note(note))
                if let seconds { try await pause(seconds) }
            }
        }
    }

    private func learn(from refusal: Refusal, _ call: ModelCall) -> String? {
        refusals.learn(refusal, of: call, format: format, keepsSchema: preferences.structured == .on)
    }

    private func renewKey() async -> Bool {
        guard case .key(let provider) = authorization else { return false }
        return await provider.renew()
    }

    /// The seconds to wait before the next request; throws the error where there is to be none.
    private func wait(
        after error: LanguageModelError, failures: Int, spent: Usage?
    ) throws(LanguageModelError) -> Double {
        let seconds = retry.wait(
            after: error, failures: failures, isLoopback: endpoint.isLoopback, chance: clock.chance())
        if let seconds { return seconds }
        var last = error
        last.usage = spent
        if failures > 0 { last.message += " That was request \(failures + 1)." }
        throw last
    }

    private func pause(_ seconds: Double) async throws(LanguageModelError) {
        do {
            try await clock.sleep(seconds)
        } catch {
            throw LanguageModelError(.cancelled, "The request to \(endpoint.host) was cancelled.", help: "")
        }
    }

    private func sum(_ one: Usage?, _ other: Usage?) -> Usage? {
        guard let one, let other else { return one ?? other }
        return one + other
    }
}

/// What the user wants of every request.
struct RequestPreferences: Sendable {
    var structured = StructuredOutput.auto
    var maxOutputTokens: Int?
    var temperature: Double?
    var reasoningEffort: ReasoningEffort?
}
