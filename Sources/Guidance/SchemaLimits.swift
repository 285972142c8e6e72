internal import LanguageModel

/// What a service takes of JSON Schema to hold a model to a form, and how much of it.
///
/// Each documents a subset, changes it now and then, and refuses a whole request for a keyword that it does not know. What
/// is listed here is what all models of a service take; a schema says less where a service takes less, and the reply is
/// reviewed in any case. The sources, as read in November 2026: OpenAI's "Structured model outputs" (supported schemas),
/// Anthropic's "Structured outputs" (JSON Schema limitations), Google's "Structured outputs" (JSON Schema support),
/// and `grammars/README.md` of llama.cpp with its converters in C++ and, in llama-cpp-python, in Python.
extension SchemaDialect {
    /// Fields that may be left out. OpenAI: none, all have to be required; Anthropic: 24 in all.
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

    /// `prefixItems`, a schema for each element. llama.cpp's converters read it where there is no `items` beside it.
    var hasTuples: Bool { self == .gemini || self == .grammar }

    /// Whole lists as values of an `enum`: a grammar has them as they are written.
    var hasListValues: Bool { self == .grammar }
}
