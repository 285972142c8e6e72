/// What a request can do without, where a service does not know it.
enum OptionalParameter: String, CaseIterable, Sendable {
    case schema = "structured output"
    case temperature = "the temperature"
    case reasoningEffort = "the reasoning effort"
    case promptCaching = "prompt caching"
    case outputLimit = "the limit of output tokens"
    case streamUsage = "the usage of a stream"
    case store = "the wish not to be stored"
    case stream = "streaming"

    /// The words by which services name it when they refuse it, in lower case.
    var words: [String] {
        switch self {
        case .schema:
            [
                "response_format", "response format", "json_schema", "schema", "output_format", "output_config",
                "output_config.format", "text.format", "responsejsonschema", "response_json_schema", "responsemimetype",
                "grammar",
                "structured output",
            ]
        case .temperature: ["temperature"]
        case .reasoningEffort:
            [
                "reasoning_effort", "output_config.effort", "reasoning", "effort", "thinking", "thinkinglevel",
                "thinkingbudget",
            ]
        case .promptCaching: ["cache_control", "prompt_cache_key"]
        case .outputLimit: ["max_tokens", "max_completion_tokens", "max_output_tokens", "maxoutputtokens"]
        case .streamUsage: ["stream_options", "include_usage"]
        case .store: ["store"]
        case .stream: ["stream", "streaming"]
        }
    }

    /// How much of the text is one of the words, as a word of its own: the length of the longest; zero for none.
    func weight(in text: String) -> Int {
        let text = text.lowercased()
        let found = words.filter { word in
            text.ranges(of: word).contains { range in
                let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
                let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
                return ![before, after].contains { $0.map { $0.isLetter || $0.isNumber || "_-".contains($0) } ?? false }
            }
        }
        return found.map(\.count).max() ?? 0
    }
}

/// What a service was seen to refuse; kept for the run, so that it is refused once.
struct RefusedParameters: Sendable {
    var parameters: Set<OptionalParameter> = []
    /// The most output tokens that the service was seen to allow.
    var outputLimit: Int?
    /// The limit of output tokens goes by its other name.
    var usesOtherLimitName = false
    /// The schema goes in the form that older servers know.
    var usesOtherSchemaForm = false

    /// Learns from a refusal of a call: drops the parameter that it names.
    ///
    /// - Parameters:
    ///   - sent: Whether the request had the parameter at all.
    ///   - outputLimit: The limit of output tokens that was sent.
    ///   - other: What the format can do in the place of leaving something out.
    ///   - keepsSchema: Whether the user wants the reply bound to its schema, or none.
    /// - Returns: What is done about it; nil where the refusal names nothing that can be done without.
    mutating func learn(
        from refusal: Refusal, sent: (OptionalParameter) -> Bool, outputLimit sentLimit: Int?, other: OtherForms,
        keepsSchema: Bool
    ) -> String? {
        let candidates = OptionalParameter.allCases.filter { sent($0) && !parameters.contains($0) }
        // What it names outside of its words counts first, then what it names most exactly.
        let weights = candidates.map { candidate in
            (
                parameter: candidate, named: candidate.weight(in: refusal.parameter ?? ""),
                said: candidate.weight(in: refusal.words)
            )
        }
        guard let most = weights.max(by: { ($0.named, $0.said) < ($1.named, $1.said) }),
            (most.named, most.said) > (0, 0)
        else { return nil }
        let refused = most.parameter
        if refused == .outputLimit {
            if let limit = Self.limit(in: refusal.message, below: sentLimit) {
                outputLimit = limit
                return "the limit of output tokens is lowered to \(limit)"
            }
            guard other.contains(.limitName), !usesOtherLimitName else { return nil }
            usesOtherLimitName = true
            return "the limit of output tokens goes by its other name"
        }
        if refused == .schema, other.contains(.schemaForm), !usesOtherSchemaForm {
            usesOtherSchemaForm = true
            return "the schema of the reply goes in the form of older servers"
        }
        if refused == .schema, keepsSchema { return nil }
        parameters.insert(refused)
        return "\(refused.rawValue) is left out from now on"
    }

    /// The limit that a service names when it finds one too high, as in "8192, which is the maximum".
    private static func limit(in words: String, below sent: Int?) -> Int? {
        guard let sent else { return nil }
        let words = words.split { !$0.isLetter && !$0.isNumber && !"_-.".contains($0) }
        // Numbers within names, such as dates of models, are no limits; nor is what is smaller than any model's.
        let numbers = words.compactMap { Int($0.last == "." ? $0.dropLast() : $0) }
        return numbers.filter { (1024..<sent).contains($0) }.max()
    }
}

/// What a format can say in another way.
struct OtherForms: OptionSet {
    let rawValue: Int

    /// The limit of output tokens has another name.
    static let limitName = OtherForms(rawValue: 1)
    /// A schema has another form.
    static let schemaForm = OtherForms(rawValue: 2)
}
