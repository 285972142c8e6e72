internal import ConfigSpace
internal import Prompts

/// The names a template may use, and the check that it uses no other.
///
/// Mustache renders an unknown name as nothing, so a misspelt one would quietly drop a section from the prompt.
enum PromptKeys {
    static let common: Set<String> = ["languageName", "configsPerRound", "compileLimit", "roundsLeftText"]

    static func keys(of template: Prompts) -> Set<String> {
        switch template {
        case .system, .cpu, .cuda, .helion, .triton:
            common
        case .initial:
            common.union([
                "hasSource", "function", "sourceName", "fence", "source", "arguments", "workload", "deviceName",
                "deviceFacts", "spaceSize", "parameters", "constraints", "defaultConfig",
                "hasSeeds", "seeds",
            ])
        case .again:
            common.union(["hasRejections", "rejections"])
        case .refinement:
            common.union([
                "best", "gain", "margin", "noise", "throughput", "measuredCount", "evaluatedCount", "failedCount",
                "lastRound", "hasAnchors", "anchors", "results", "moreResults", "hasPatterns", "patternCount",
                "patterns", "hasTried", "tried", "hasFailures", "failureCounts", "failures", "hasRejections",
                "rejections", "advice",
            ])
        }
    }

    static func check(_ text: String, of template: Prompts, origin: String) throws(PromptTemplateError) {
        let keys = keys(of: template)
        var line = 1
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            line += rest[..<open.lowerBound].count { $0.isNewline }
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
                throw PromptTemplateError(file: origin, line: line, message: "the tag that opens here is never closed")
            }
            let tag = rest[open.upperBound..<close.lowerBound]
            try check(tag: tag, keys: keys, origin: origin, line: line)
            line += tag.count { $0.isNewline }
            rest = rest[close.upperBound...]
        }
    }

    private static func check(
        tag: Substring, keys: Set<String>, origin: String, line: Int
    ) throws(PromptTemplateError) {
        var name = tag.drop { $0 == "{" || $0.isWhitespace }
        guard let sigil = name.first, sigil != "!" else { return }
        if "#^/&>".contains(sigil) { name = name.dropFirst() }
        while let last = name.last, last.isWhitespace || last == "}" { name = name.dropLast() }
        let wanted = String(name.drop(while: \.isWhitespace))
        let known = sigil == ">" ? ["knobs"] : keys
        guard wanted != ".", !known.contains(wanted) else { return }
        let kind = sigil == ">" ? "partial" : "name"
        let likely = nearest(to: wanted, among: known.sorted()).map { "; did you mean \($0)?" } ?? ""
        throw PromptTemplateError(file: origin, line: line, message: "unknown \(kind) \"\(wanted)\"\(likely)")
    }
}
