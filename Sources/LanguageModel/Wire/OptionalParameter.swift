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
                "text.format", "responsejsonschema", "response_json_schema", "responsemimetype", "grammar",
                "structured output",
            ]
        case .temperature: ["temperature"]
        case .reasoningEffort:
            ["reasoning_effort", "reasoning", "effort", "thinking", "thinkinglevel", "thinkingbudget"]
        case .promptCaching: ["cache_control", "prompt_cache_key"]
        case .outputLimit: ["max_tokens", "max_completion_tokens", "max_output_tokens", "maxoutputtokens"]
        case .streamUsage: ["stream_options", "include_usage"]
        case .store: ["store"]
        case .stream: ["stream", "streaming"]
        }
    }

    /// Whether the text has one of the words, as a word of its own.
    func isNamed(in text: String) -> Bool {
        let text = text.lowercased()
        return words.contains { word in
            text.ranges(of: word).contains { range in
                let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
                let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
                return ![before, after].contains { $0.map { $0.isLetter || $0.isNumber || "_-".contains($0) } ?? false }
            }
        }
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
    ///   - named: What the service calls the parameter, where it says so outside of its words.
    ///   - sent: Whether the request had the parameter at all.
    ///   - outputLimitSent: The limit of output tokens that was sent.
    ///   - canSwapLimitName: Whether the format has another name for the limit of output tokens.
    ///   - canSwapSchemaForm: Whether the format has another form for a schema.
    ///   - keepsSchema: Whether the user wants the reply bound to its schema, or none.
    /// - Returns: What is done about it; nil where the refusal names nothing that can be done without.
    mutating func learn(
        from words: String, naming named: String?, sent: (OptionalParameter) -> Bool, outputLimitSent: Int?,
        canSwapLimitName: Bool,
        canSwapSchemaForm: Bool, keepsSchema: Bool
    ) -> String? {
        let candidates = OptionalParameter.allCases.filter { sent($0) && !parameters.contains($0) }
        guard
            let refused = candidates.first(where: { named.map($0.isNamed(in:)) ?? false })
                ?? candidates.first(where: { $0.isNamed(in: words) })
        else { return nil }
        if refused == .outputLimit {
            if let limit = Self.limit(in: words, below: outputLimitSent) {
                outputLimit = limit
                return "the limit of output tokens is lowered to \(limit)"
            }
            guard canSwapLimitName, !usesOtherLimitName else { return nil }
            usesOtherLimitName = true
            return "the limit of output tokens goes by its other name"
        }
        if refused == .schema, canSwapSchemaForm, !usesOtherSchemaForm {
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
        // What is smaller than any model's limit is a status or a version.
        return words.matches(of: /\d+/).compactMap { Int($0.output) }.filter { (1024..<sent).contains($0) }.max()
    }
}
