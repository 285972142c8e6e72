/// Anthropic's Messages API on Amazon Bedrock: the model is part of the path, the version part of the body, and the
/// events of a stream travel in Amazon's own framing.
///
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html>
struct AnthropicOnBedrock: AnthropicElsewhere {
    let messages: AnthropicMessages

    func target(streams: Bool) -> CallTarget {
        CallTarget(path: "model/\(model.percentEncoded)/\(streams ? "invoke-with-response-stream" : "invoke")")
    }

    func body(_ call: ModelCall) -> JSONText {
        JSONText.members(["anthropic_version": "bedrock-2023-05-31"]).adding(messages.content(call))
    }
}

/// Anthropic's Messages API on Google's Vertex AI: the model is part of the path, the version part of the body.
///
/// <https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude>
struct AnthropicOnVertex: AnthropicElsewhere {
    let messages: AnthropicMessages

    func target(streams: Bool) -> CallTarget {
        // The @ before a model's date may stand in a path as it is.
        let name = model.split(separator: "@", omittingEmptySubsequences: false).map { String($0).percentEncoded }
        let call = streams ? "streamRawPredict" : "rawPredict"
        return CallTarget(path: "publishers/anthropic/models/\(name.joined(separator: "@")):\(call)")
    }

    func body(_ call: ModelCall) -> JSONText {
        JSONText.members(["anthropic_version": "vertex-2023-10-16"]).adding(messages.content(call))
            .adding(.members(["stream": call.streams ? true : nil]))
    }
}

/// What both have in common: answers and events are Anthropic's own, keys are bearer tokens.
protocol AnthropicElsewhere: WireFormat {
    var messages: AnthropicMessages { get }
}

extension AnthropicElsewhere {
    var model: String { messages.model }
    var schemaDialect: SchemaDialect { messages.schemaDialect }
    var defaultMaxOutputTokens: Int? { messages.defaultMaxOutputTokens }

    func headers(key: APIKey?) -> [HTTPHeader] { bearer(key) }
    func read(_ answer: JSONValue) -> Answer? { messages.read(answer) }
    func read(_ event: JSONValue, named name: String?, into answer: inout Answer) {
        messages.read(event, named: name, into: &answer)
    }
}
