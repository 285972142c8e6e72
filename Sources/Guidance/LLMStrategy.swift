internal import ConfigSpace
public import LanguageModel
internal import Prompts
public import Search

/// The strategy this program is named for: a language model proposes, and is told what was measured.
///
/// The whole conversation is sent each time, so that the kernel and the space stay before the model's eyes and a
/// provider's prompt cache has a stable beginning.
public struct LLMStrategy: Strategy {
    private let model: any LanguageModel
    private let templates: PromptTemplates
    private let target: PromptTarget
    private let conversation: any ConversationStore
    private let price: Price

    /// What a reply's tokens cost in US dollars, by the model that the service named; nil where that is not known.
    public typealias Price = @Sendable (_ usage: Usage, _ model: String) -> Double?

    public init(
        model: any LanguageModel, templates: PromptTemplates, target: PromptTarget,
        conversation: any ConversationStore, price: @escaping Price = { _, _ in nil }
    ) {
        self.model = model
        self.templates = templates
        self.target = target
        self.conversation = conversation
        self.price = price
    }

    public var name: String { "llm" }
    public func waitsForModel(round: Int) -> Bool { true }
    public var stopsWhenStalled: Bool { true }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        try await propose(count, round: round, history: history, onEvent: { _ in })
    }

    public func propose(
        _ count: Int, round: Int, history: History, onEvent: @escaping @Sendable (ProposalEvent) -> Void
    ) async throws -> Proposals {
        let asking = Asking(count: count, round: round, history: history, onEvent: onEvent)
        let messages = try prompt(round: round, history: history)
        var answer = try await answer(to: messages, asking)
        if answer.review.configs.isEmpty, answer.follows == messages {
            answer = try await secondAnswer(after: answer, to: messages, asking)
        }
        return Proposals(
            configs: answer.review.configs, rejections: answer.review.rejections,
            exchange: Proposals.Exchange(model: answer.model, cost: answer.cost, notes: answer.notes))
    }

    /// What a round asks for, whoever is asked how often.
    private struct Asking {
        let count: Int
        let round: Int
        let history: History
        let onEvent: @Sendable (ProposalEvent) -> Void
    }

    private struct Answer {
        var text: String
        var model: String
        /// The messages that it answers.
        var follows: [Message]
        var review: ProposalReview
        var cost: ModelCost
        var notes: [String]
    }

    /// A reply of which nothing can be used is answered with the reasons, once.
    private func secondAnswer(
        after first: Answer, to messages: [Message], _ asking: Asking
    ) async throws -> Answer {
        let note = "no config of the reply can be used: the model was asked again, with the reasons"
        asking.onEvent(.note(note))
        var context = target.common(round: asking.round)
        context["hasRejections"] = !first.review.rejections.isEmpty
        context["rejections"] = first.review.rejections.map { "\($0.proposal): \($0.reason)" }
        let again = templates.render(.again, context)
        do {
            var second = try await answer(
                to: messages + [
                    Message(role: .assistant, content: first.text), Message(role: .user, content: again),
                ], asking)
            second.cost = first.cost + second.cost
            second.notes = first.notes + [note] + second.notes
            return second
        } catch let error as LanguageModelError where error.kind != .cancelled {
            // The round has its reply, if not a good one: what was rejected and why is told in the next.
            var first = first
            first.notes.append("the model could not be asked again: \(error)")
            return first
        }
    }

    /// A reply that was received before the program was killed is not asked for, or paid for, again.
    private func answer(to messages: [Message], _ asking: Asking) async throws -> Answer {
        let reading = ProposalReading(history: asking.history, most: asking.count)
        if let kept = try conversation.exchange(round: asking.round), kept.prompt.starts(with: messages) {
            reading.receive(.text(kept.reply), onEvent: asking.onEvent)
            let (read, review) = reading.end(onEvent: asking.onEvent)
            return Answer(
                text: kept.reply, model: model.name, follows: kept.prompt, review: review, cost: ModelCost(),
                notes: ["the reply kept in the session was used"] + Self.notes(read, isTruncated: false))
        }
        try conversation.keepPrompt(messages, text: Self.text(messages), round: asking.round)
        let schema = model.schemaDialect.flatMap { dialect in
            ReplySchema(for: asking.history.space, mostConfigs: asking.count, dialect: dialect)
        }
        let request = ModelRequest(
            messages: messages, responseSchema: schema.map { ResponseSchema(name: "configs", json: $0.text) })
        let onEvent = asking.onEvent
        let reply = try await model.reply(to: request) { event in reading.receive(event, onEvent: onEvent) }
        try conversation.keepReply(reply.text, round: asking.round)
        let (read, review) = reading.end(onEvent: asking.onEvent)
        return Answer(
            text: reply.text, model: reply.model, follows: messages, review: review, cost: cost(of: reply),
            notes: reply.notes + Self.notes(read, isTruncated: reply.isTruncated))
    }

    private func cost(of reply: Reply) -> ModelCost {
        guard let usage = reply.usage else { return ModelCost() }
        return ModelCost(
            inputTokens: usage.inputTokens, cachedInputTokens: usage.cachedInputTokens,
            outputTokens: usage.outputTokens, reasoningTokens: usage.reasoningTokens, dollars: price(usage, reply.model)
        )
    }

    /// The messages for a round: for round 0 the system and the first user message, later the conversation and what the
    /// last round brought.
    private func prompt(round: Int, history: History) throws -> [Message] {
        guard round > 0, let last = try conversation.exchange(round: round - 1) else {
            return Self.initialPrompt(target, templates: templates)
        }
        let refinement = templates.render(
            .refinement, RefinementPrompt(target, history: history, round: round).context)
        return last.prompt + [
            Message(role: .assistant, content: last.reply), Message(role: .user, content: refinement),
        ]
    }

    /// What round 0 sends.
    public static func initialPrompt(_ target: PromptTarget, templates: PromptTemplates) -> [Message] {
        [
            Message(role: .system, content: templates.render(.system, target.common(round: 0))),
            Message(role: .user, content: templates.render(.initial, InitialPrompt.context(target))),
        ]
    }

    private static func notes(_ read: ReadReply, isTruncated: Bool) -> [String] {
        var notes: [String] = []
        if isTruncated || read.isCutOff {
            notes.append("the reply was cut off in the middle; its complete configs count")
        }
        if read.items.isEmpty {
            notes.append("the reply held no config (see reply.txt of this round)")
        }
        return notes
    }

    /// The messages for a person to read.
    public static func text(_ messages: [Message]) -> String {
        messages.map { "=== \($0.role.rawValue) ===\n\n\($0.content)" }.joined(separator: "\n")
    }
}
