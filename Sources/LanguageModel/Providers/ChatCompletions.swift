import Foundation

/// The Chat Completions API, as OpenAI, llama.cpp, vLLM, Ollama, OpenRouter and others have it.
struct ChatCompletions: WireFormat {
    var model: String
    var maxOutputTokens: Int?
    /// Whether a limit goes by the newer name, which OpenAI's reasoning models insist on and some servers do not know.
    var usesCompletionTokens: Bool

    var path: String { "chat/completions" }

    func headers(key: APIKey?) -> [HTTPHeader] { bearer(key) }

    private struct Request: Encodable {
        var model: String
        var messages: [Message]
        var maxTokens: Int?
        var maxCompletionTokens: Int?
    }

    func body(for messages: [Message]) throws -> Data {
        try encode(
            Request(
                model: model, messages: messages, maxTokens: usesCompletionTokens ? nil : maxOutputTokens,
                maxCompletionTokens: usesCompletionTokens ? maxOutputTokens : nil))
    }

    func read(_ answer: JSONValue) -> Answer? {
        guard let choice = answer["choices"]?.array?.first, let message = choice["message"] else { return nil }
        let usage = answer["usage"].map {
            Usage(inputTokens: $0["prompt_tokens"]?.int, outputTokens: $0["completion_tokens"]?.int)
        }
        let refusal = message["refusal"]?.string ?? parts(of: message).compactMap { $0["refusal"]?.string }.first
        return Answer(
            text: text(of: message), model: answer["model"]?.string, ending: ending(of: choice, refusal: refusal),
            usage: usage)
    }

    private func text(of message: JSONValue) -> String {
        message["content"]?.string ?? parts(of: message).compactMap { $0["text"]?.string }.joined()
    }

    private func parts(of message: JSONValue) -> [JSONValue] { message["content"]?.array ?? [] }

    private func ending(of choice: JSONValue, refusal: String?) -> Answer.Ending {
        if let refusal, !refusal.isEmpty { return .refused(refusal) }
        switch choice["finish_reason"]?.string {
        case "length": return .lengthLimit
        case "content_filter": return .refused(nil)
        // OpenRouter's way of telling that the server behind it failed.
        case "error": return .failed(choice["error"]?["message"]?.string ?? "no reason given")
        default: return .complete
        }
    }
}
