internal import LanguageModel

/// How much of JSON Schema each dialect takes.
///
/// Each service documents a subset, changes it now and then, and refuses a whole request for a keyword that it does not
/// know. What is listed here is what all models of a service take; a schema says less where a service takes less, and the
/// reply is reviewed in any case. The sources are OpenAI's "Structured model outputs", Anthropic's "Structured outputs"
/// (its own service, Bedrock and Vertex AI), Google's "Structured outputs" and llama.cpp's `grammars/README.md`.
extension SchemaDialect {
    /// Fields that may be left out. OpenAI: none, "all fields must be required"; Anthropic: 24 in all.
    var mostOptionalFields: Int {
        switch self {
        case .openAI: 0
        case .anthropic: 24
        case .gemini, .grammar: .max
        }
    }

    /// Values in all enumerations. OpenAI: 1,000; the others name no number, but compile a grammar all the same.
    var mostEnumValues: Int { 1000 }

    /// Places with alternatives (`anyOf`). Anthropic: 16.
    var mostUnions: Int { self == .anthropic ? 16 : .max }

    /// Objects and lists inside each other. OpenAI: 10.
    var deepestNesting: Int { 10 }

    /// Characters of the whole. OpenAI: 120,000 of names and values, of which a schema has fewer than characters; that also
    /// keeps it within 5,000 fields.
    var mostCharacters: Int { 120_000 }

    /// `minimum` and `maximum` of integers; Anthropic refuses them.
    var hasBounds: Bool { self != .anthropic }

    /// `multipleOf`; only OpenAI has it.
    var hasMultiples: Bool { self == .openAI }

    /// `minItems` and `maxItems` of any size; Anthropic takes a `minItems` of 0 or 1 only.
    var hasLengths: Bool { self != .anthropic }

    /// `prefixItems`, a schema for each element.
    var hasTuples: Bool { self == .gemini || self == .grammar }

    /// Whole lists as values of an `enum`: llama.cpp writes any value into its grammar.
    var hasListValues: Bool { self == .grammar }
}
