/// What a language model answered.
public struct Reply: Sendable, Equatable {
    /// The answer's text; never blank.
    public var text: String
    /// The model, as the service named it.
    public var model: String
    /// Whether the service said that it stopped at its length limit, so that the text may end anywhere.
    public var isTruncated: Bool
    /// What the reply cost in tokens, with all that was asked in vain for it; nil where the service does not say.
    public var usage: Usage?
    /// What the user should know of this reply, a sentence each; all of it was told by events too, as a `note` or as the
    /// reason of a `restart`.
    public var notes: [String]

    public init(text: String, model: String, isTruncated: Bool = false, usage: Usage? = nil, notes: [String] = []) {
        self.text = text
        self.model = model
        self.isTruncated = isTruncated
        self.usage = usage
        self.notes = notes
    }
}

/// The tokens that a service counted, each where it says so. Services count differently; here it is always so that
/// the cached ones are among the input's, and the reasoning's among the output's.
public struct Usage: Sendable, Codable, Equatable {
    /// Tokens of the prompt, whether cached or not.
    public var inputTokens: Int?
    /// Those of them that were read from the service's prompt cache.
    public var cachedInputTokens: Int?
    /// Those of them that were written to the service's prompt cache, where that has a price of its own.
    public var cacheWriteTokens: Int?
    /// Tokens of the reply, with those the model spent on reasoning.
    public var outputTokens: Int?
    /// Those of them that the model spent on reasoning.
    public var reasoningTokens: Int?

    public init(
        inputTokens: Int? = nil, cachedInputTokens: Int? = nil, cacheWriteTokens: Int? = nil, outputTokens: Int? = nil,
        reasoningTokens: Int? = nil
    ) {
        self.inputTokens = inputTokens
        self.cachedInputTokens = cachedInputTokens
        self.cacheWriteTokens = cacheWriteTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
    }

    /// Both together; what neither says stays unsaid.
    public static func + (one: Usage, other: Usage) -> Usage {
        func sum(_ count: KeyPath<Usage, Int?>) -> Int? {
            guard one[keyPath: count] != nil || other[keyPath: count] != nil else { return nil }
            return (one[keyPath: count] ?? 0) + (other[keyPath: count] ?? 0)
        }
        return Usage(
            inputTokens: sum(\.inputTokens), cachedInputTokens: sum(\.cachedInputTokens),
            cacheWriteTokens: sum(\.cacheWriteTokens), outputTokens: sum(\.outputTokens),
            reasoningTokens: sum(\.reasoningTokens))
    }
}
