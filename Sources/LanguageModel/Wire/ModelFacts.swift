/// What is known of a family of models and cannot be asked of its service.
///
/// An unknown model has the defaults: every parameter that the user gives is sent, and what the service refuses is
/// dropped (`RefusedParameters`); so a row here only spares a refusal, or says what no refusal tells.
struct ModelFacts: Equatable {
    /// Whether the sampling temperature can be set.
    var takesTemperature = true
    /// Whether it reasons before it answers, out of the same limit of output tokens.
    var reasons = false
    /// Tokens to grant for reasoning above those of the reply, where the API wants a limit.
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
    /// Sources, read in November 2026: for OpenAI the guides to reasoning and to structured outputs
    /// (developers.openai.com/api/docs/guides: json_schema since gpt-4o-2024-08-06, sampling parameters not for reasoning
    /// models); for Anthropic the models overview and structured outputs (platform.claude.com/docs: since Opus 4.5,
    /// Sonnet 4.5 and Haiku 4.5; 128K output tokens and adaptive thinking since Opus 5); for Google the
    /// structured output and thinking guides (ai.google.dev/gemini-api/docs).
    private static let table: [(family: String, facts: ModelFacts)] = [
        ("gpt-3.5", ModelFacts(isStructured: false)),
        ("gpt-4", ModelFacts(isStructured: false)),
        ("gpt-4o", ModelFacts()),
        ("gpt-4.1", ModelFacts()),
        ("gpt-5", openAIReasoning),
        ("gpt-5-chat", ModelFacts()),
        ("gpt-6", openAIReasoning),
        ("o1", openAIReasoning),
        ("o3", openAIReasoning),
        ("o4", openAIReasoning),
        ("claude-", ModelFacts(reasons: true, reasoningReserve: 32_000, maxOutputTokens: 128_000)),
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
        ("gemini-", ModelFacts(reasons: true, maxOutputTokens: 65_536)),
        ("gemini-2.0", ModelFacts(maxOutputTokens: 8_192)),
    ]

    private static let openAIReasoning = ModelFacts(takesTemperature: false, reasons: true, maxOutputTokens: 128_000)
}
