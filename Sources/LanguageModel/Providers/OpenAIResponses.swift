import Foundation

/// OpenAI's Responses API.
struct OpenAIResponses: WireFormat {
    var model: String
    var maxOutputTokens: Int?

    var path: String { "responses" }

    func headers(key: APIKey?) -> [HTTPHeader] { bearer(key) }

    private struct Request: Encodable {
        var model: String
        var input: [Message]
        var maxOutputTokens: Int?
        /// The conversation travels whole each time; a kernel's source need not stay with the service.
        var store = false
    }

    func body(for messages: [Message]) throws -> Data {
        try encode(Request(model: model, input: messages, maxOutputTokens: maxOutputTokens))
    }

    func read(_ answer: JSONValue) -> Answer? {
        guard let output = answer["output"]?.array else { return nil }
        // Reasoning and tool items stand beside the messages.
        let parts = output.filter { $0["type"]?.string == "message" }.flatMap { $0["content"]?.array ?? [] }
        let text = parts.compactMap { $0["type"]?.string == "output_text" ? $0["text"]?.string : nil }.joined()
        let usage = answer["usage"].map {
            Usage(inputTokens: $0["input_tokens"]?.int, outputTokens: $0["output_tokens"]?.int)
        }
        let refusal = parts.compactMap { $0["refusal"]?.string }.first
        return Answer(
            text: text, model: answer["model"]?.string, ending: ending(of: answer, refusal: refusal), usage: usage)
    }

    private func ending(of answer: JSONValue, refusal: String?) -> Answer.Ending {
        if let refusal { return .refused(refusal) }
        switch (answer["status"]?.string, answer["incomplete_details"]?["reason"]?.string) {
        case ("incomplete", "content_filter"): return .refused(nil)
        case ("incomplete", _): return .lengthLimit
        case ("failed", _), ("cancelled", _):
            return .failed(answer["error"]?["message"]?.string ?? "no reason given")
        default: return .complete
        }
    }
}
