public import LanguageModel

/// Where a run's conversation with the model is kept: what was sent is written down before it is sent, and what was
/// answered before it is acted on.
public protocol ConversationStore: Sendable {
    /// What was sent and answered in a round; nil where no reply came.
    func exchange(round: Int) throws -> (prompt: [Message], reply: String)?

    /// Keeps the messages of a round, and the same as `text` for a person to read.
    func keepPrompt(_ messages: [Message], text: String, round: Int) throws

    func keepReply(_ reply: String, round: Int) throws
}
