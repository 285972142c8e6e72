import Foundation

/// Anthropic's Messages API.
struct AnthropicMessages: WireFormat {
    /// The API wants a limit; this leaves room for reasoning and some dozen configs.
    static let defaultMaxOutputTokens = 16_000

    var model: String
    var maxOutputTokens: Int?

    var path: String { "v1/messages" }

    func headers(key: APIKey?) -> [HTTPHeader] {
        let version = HTTPHeader(name: "anthropic-version", value: "2023-06-01")
        return [version] + (key.map { [HTTPHeader(name: "x-api-key", value: $0.value)] } ?? [])
    }

    private struct Request: Encodable {
        var model: String
        var maxTokens: Int
        var system: String?
        var messages: [Message]
    }

    func body(for messages: [Message]) throws -> Data {
        let system = messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        return try encode(
            Request(
                model: model, maxTokens: maxOutputTokens ?? Self.defaultMaxOutputTokens,
                system: system.isEmpty ? nil : system, messages: messages.filter { $0.role != .system }))
    }

    func read(_ answer: JSONValue) -> Answer? {
        guard let blocks = answer["content"]?.array else { return nil }
        // Thinking blocks stand beside the text.
        let text = blocks.compactMap { $0["type"]?.string == "text" ? $0["text"]?.string : nil }.joined()
        let ending: Answer.Ending =
            switch answer["stop_reason"]?.string {
            case "max_tokens", "model_context_window_exceeded": .lengthLimit
            case "refusal": .refused(nil)
            default: .complete
            }
        let usage = answer["usage"].map {
            Usage(inputTokens: $0["input_tokens"]?.int, outputTokens: $0["output_tokens"]?.int)
        }
        return Answer(text: text, model: answer["model"]?.string, ending: ending, usage: usage)
    }
}
