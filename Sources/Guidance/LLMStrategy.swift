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

    public init(
        model: any LanguageModel, templates: PromptTemplates, target: PromptTarget,
        conversation: any ConversationStore
    ) {
        self.model = model
        self.templates = templates
        self.target = target
        self.conversation = conversation
    }

    public var name: String { "llm" }
    public func waitsForModel(round: Int) -> Bool { true }
    public var stopsWhenStalled: Bool { true }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        let messages = try prompt(round: round, history: history)
        let reply = try await reply(to: messages, schema: schema(count, space: history.space), round: round)
        let read = ReplyReader.read(reply.text)
        let review = ProposalReview(read, history: history, most: count)
        let exchange = Proposals.Exchange(
            model: reply.model, inputTokens: reply.usage?.inputTokens, outputTokens: reply.usage?.outputTokens,
            notes: reply.notes + Self.notes(reply, read))
        return Proposals(configs: review.configs, rejections: review.rejections, exchange: exchange)
    }

    /// A reply that was received before the program was killed is not asked for, or paid for, again.
    private func reply(to messages: [Message], schema: ResponseSchema?, round: Int) async throws -> Reply {
        if let kept = try conversation.exchange(round: round), kept.prompt == messages {
            return Reply(text: kept.reply, model: model.name, notes: ["the reply kept in the session was used"])
        }
        try conversation.keepPrompt(messages, text: Self.text(messages), round: round)
        let reply = try await model.reply(to: ModelRequest(messages: messages, responseSchema: schema))
        try conversation.keepReply(reply.text, round: round)
        return reply
    }

    /// What the reply is bound to, where the model can be bound and the space can be said.
    private func schema(_ count: Int, space: ConfigSpace) -> ResponseSchema? {
        guard let dialect = model.schemaDialect,
            let schema = ReplySchema(for: space, mostConfigs: count, dialect: dialect)
        else { return nil }
        return ResponseSchema(name: "configs", json: schema.text)
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

    private static func notes(_ reply: Reply, _ read: ReadReply) -> [String] {
        var notes: [String] = []
        if reply.isTruncated || read.isCutOff {
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
