/// Something that answers a conversation: a service, a local server, a program, or a recording.
///
/// A model keeps no state between calls: the whole conversation goes in each time.
public protocol LanguageModel: Sendable {
    /// How prompts, logs and files call it, such as `gpt-5 (openai)` or `replay Examples/matmul-cpu/replies`.
    var name: String { get }

    /// Asks for the next message of the conversation.
    ///
    /// Cancelling the task ends the request at once, with an error of the kind `cancelled`.
    func reply(to messages: [Message]) async throws(LanguageModelError) -> Reply
}
