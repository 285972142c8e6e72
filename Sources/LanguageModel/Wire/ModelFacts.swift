/// What is known of a family of models and cannot be asked of its service.
///
/// An unknown model has the defaults: every parameter that the user gives is sent, and what the service refuses is
/// dropped (`RefusedParameters`); so a row here only spares a refusal, or says what no refusal tells.
struct ModelFacts: Equatable {
    /// Whether the sampling temperature can be set.
    var takesTemperature = true
    /// Tokens to grant for reasoning above those of the reply, where the API wants a limit and counts both.
    var reasoningReserve = 0
    /// The most output tokens that the service allows; nil where it is not known.
    var maxOutputTokens: Int?
    /// Whether replies can be bound to a schema.
    var isStructured = true

    static func of(_ model: String) -> ModelFacts {
        let name = baseName(model)
        let row = table.filter { name.hasPrefix($0.family) }.max { $0.family.count < $1.family.count }
        return row?.facts ?? ModelFacts()
    }

    /// The name as its maker gives it: without a reseller's prefix, in lower case.
    static func baseName(_ model: String) -> String {
        var name = Substring(model.lowercased())
        if let slash = name.lastIndex(of: "/") { name = name[name.index(after: slash)...] }
        // Bedrock: us.anthropic.claude-….
        if let maker = name.firstRange(of: "anthropic.") { name = name[maker.upperBound...] }
        return String(name)
    }

    /// Families by the start of their names; the longest that fits counts.
    ///
    /// Sources: OpenAI's guides to structured outputs (from gpt-4o on) and to reasoning models, which take no sampling
    /// parameters (developers.openai.com/api/docs/guides); Anthropic's pages of models and of structured outputs (from
    /// Opus 4.5, Sonnet 4.5 and Haiku 4.5 on; 128K output tokens and thinking by default from Opus 5 on;
    /// platform.claude.com/docs, October 2026); Google's pages of models (ai.google.dev/gemini-api/docs/models).
    private static let table: [(family: String, facts: ModelFacts)] = [
        ("gpt-3.5", ModelFacts(isStructured: false)),
        ("gpt-4", ModelFacts(isStructured: false)),
        ("gpt-4o", ModelFacts()),
        ("gpt-4.1", ModelFacts()),
        ("gpt-4.5", ModelFacts()),
        ("gpt-5", openAIReasoning),
        ("gpt-5-chat", ModelFacts()),
        ("gpt-6", openAIReasoning),
        ("o1", openAIReasoning),
        ("o3", openAIReasoning),
        ("o4", openAIReasoning),
        ("claude-", ModelFacts(reasoningReserve: 32_000, maxOutputTokens: 128_000)),
        ("claude-3-opus", ModelFacts(maxOutputTokens: 4_096, isStructured: false)),
        ("claude-3-haiku", ModelFacts(maxOutputTokens: 4_096, isStructured: false)),
        ("claude-3-5", ModelFacts(maxOutputTokens: 8_192, isStructured: false)),
        ("claude-3-7", ModelFacts(maxOutputTokens: 64_000, isStructured: false)),
        ("claude-opus-4", ModelFacts(maxOutputTokens: 32_000, isStructured: false)),
        ("claude-opus-4-1", ModelFacts(maxOutputTokens: 32_000, isStructured: false)),
        ("claude-sonnet-4", ModelFacts(maxOutputTokens: 64_000, isStructured: false)),
        ("claude-opus-4-5", ModelFacts(maxOutputTokens: 64_000)),
        ("claude-opus-4-6", ModelFacts(maxOutputTokens: 128_000)),
        ("claude-opus-4-7", ModelFacts(maxOutputTokens: 128_000)),
        ("claude-opus-4-8", ModelFacts(maxOutputTokens: 128_000)),
        ("claude-sonnet-4-5", ModelFacts(maxOutputTokens: 64_000)),
        ("claude-sonnet-4-6", ModelFacts(maxOutputTokens: 64_000)),
        ("claude-haiku-4-5", ModelFacts(maxOutputTokens: 64_000)),
        ("gemini-", ModelFacts(maxOutputTokens: 65_536)),
        ("gemini-2.0", ModelFacts(maxOutputTokens: 8_192)),
    ]

    private static let openAIReasoning = ModelFacts(takesTemperature: false, maxOutputTokens: 128_000)
}
