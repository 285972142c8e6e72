/// One message of a conversation with a language model.
public struct Message: Sendable, Codable, Equatable {
    /// Who speaks.
    public enum Role: String, Codable, Sendable {
        case system, user, assistant
    }

    public var role: Role
    public var content: String

    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}

/// The tokens that a service counted for one request, where it says so.
public struct Usage: Sendable, Codable, Equatable {
    /// Tokens of the prompt.
    public var inputTokens: Int?
    /// Tokens of the reply, with those the model spent on reasoning.
    public var outputTokens: Int?

    public init(inputTokens: Int? = nil, outputTokens: Int? = nil) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

/// What a language model answered.
public struct Reply: Sendable {
    /// The answer's text; never blank.
    public var text: String
    /// The model, as the service named it.
    public var model: String
    /// Whether the service said that it stopped at its length limit, so that the text may end anywhere.
    public var isTruncated: Bool
    public var usage: Usage?
    /// What the user should know of this reply, a sentence each.
    public var notes: [String]

    public init(text: String, model: String, isTruncated: Bool = false, usage: Usage? = nil, notes: [String] = []) {
        self.text = text
        self.model = model
        self.isTruncated = isTruncated
        self.usage = usage
        self.notes = notes
    }
}
