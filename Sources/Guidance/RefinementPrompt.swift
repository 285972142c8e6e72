internal import ConfigSpace
internal import Foundation
internal import Measurement
internal import Search

/// The values of `refinement.mustache`: what the measurements so far say.
struct RefinementPrompt {
    static let mostResults = 12
    static let mostFailures = 4
    static let mostRejections = 6

    let target: PromptTarget
    let history: History
    let round: Int
    private let ranked: [History.Entry]

    init(_ target: PromptTarget, history: History, round: Int) {
        self.target = target
        self.history = history
        self.round = round
        ranked = history.ranked
    }

    var context: [String: Any] {
        var context = target.common(round: round)
        addState(to: &context)
        addResults(to: &context)
        addFailures(to: &context)
        let rejections = history.rejections[round - 1] ?? []
        context["hasRejections"] = !rejections.isEmpty
        context["rejections"] = lines(rejections)
        context["advice"] = Advice(target, history: history, round: round).bullets
        return context
    }

    private func addState(to context: inout [String: Any]) {
        let evaluated = history.entries.filter { $0.evaluation.outcome != .notRecorded }
        context["measuredCount"] = ranked.count
        context["evaluatedCount"] = evaluated.count
        context["failedCount"] = history.failures.count
        context["lastRound"] = lastRound
        guard let best = ranked.first, let time = best.timeMs else { return }
        context["best"] = "\(Numbers.milliseconds(time)) — \(changes(best))"
        context["throughput"] = throughput(best)
        if let defaultTime = history.defaultEntry?.timeMs {
            let factor = String(format: "%.2f", defaultTime / time)
            context["gain"] =
                "The default takes \(Numbers.milliseconds(defaultTime)): the best is \(factor) times as fast."
        }
        if ranked.count > 1, let second = ranked[1].timeMs {
            context["margin"] = Numbers.percent(second / time - 1)
        }
        if let noise = best.evaluation.timing?.noiseRatio, noise > 0 {
            let drift = Numbers.percent(max(noise, Timing.drift), digits: 0)
            context["noise"] =
                "Noise of one timing: about ±\(Numbers.percent(max(noise, 0.001))), and timings of different moments drift "
                + "by up to \(drift): smaller differences say nothing."
        }
    }

    private var lastRound: String? {
        let entries = history.entries.filter {
            $0.round == round - 1 && $0.origin == .model && $0.evaluation.outcome != .rejected
        }
        let rejected = history.rejections[round - 1]?.count ?? 0
        guard !entries.isEmpty || rejected > 0 else { return "Your last reply brought no configuration." }
        let failed = entries.count { $0.evaluation.outcome.isFailure }
        let unknown = entries.count { $0.evaluation.outcome == .notRecorded }
        var parts = ["\(entries.count - failed - unknown) measured"]
        if failed > 0 { parts.append("\(failed) failed") }
        if rejected > 0 { parts.append("\(rejected) rejected") }
        if unknown > 0 { parts.append("\(unknown) not in the recording") }
        return "Your last \(entries.count + rejected) proposals: \(parts.joined(separator: ", "))"
    }

    private func throughput(_ entry: History.Entry) -> String? {
        guard let time = entry.timeMs, time > 0 else { return nil }
        let amounts = WorkAmounts(target.spec, config: entry.config)
        var parts: [String] = []
        if let flops = amounts.flops { parts.append("\(Numbers.scaled(flops / time * 1e3))FLOP/s") }
        if let bytes = amounts.bytes { parts.append("\(Numbers.scaled(bytes / time * 1e3))B/s of the least traffic") }
        if let share = entry.evaluation.resources?.shareOfLimit, let limit = entry.evaluation.resources?.limit {
            parts.append("\(Numbers.percent(share, digits: 0)) of the device's \(limit)")
        }
        return parts.isEmpty ? nil : "The best reaches \(parts.joined(separator: ", "))."
    }

    private func addResults(to context: inout [String: Any]) {
        context["hasAnchors"] = !ranked.isEmpty
        context["anchors"] = ranked.prefix(2).enumerated().map { index, entry in
            let time = entry.timeMs ?? 0
            let distance = index == 0 ? "best" : "+" + Numbers.percent(time / (ranked[0].timeMs ?? time) - 1)
            return "Anchor \(index + 1) (\(distance)): \(Numbers.milliseconds(time)) — \(changes(entry))"
        }
        context["results"] = ranked.prefix(Self.mostResults).enumerated().map { index, entry in
            "#\(index + 1): \(Numbers.milliseconds(entry.timeMs ?? 0)) — \(changes(entry))\(details(entry))"
        }
        if ranked.count > Self.mostResults, let slowest = ranked.last?.timeMs {
            context["moreResults"] =
                "(\(ranked.count - Self.mostResults) more, up to \(Numbers.milliseconds(slowest)))"
        }
        let patterns = Patterns(ranked, space: history.space)
        context["hasPatterns"] = !patterns.lines.isEmpty
        context["patternCount"] = patterns.count
        context["patterns"] = patterns.lines
        let tried = TriedValues.lines(history)
        context["hasTried"] = !tried.isEmpty && !history.entries.isEmpty
        context["tried"] = tried
    }

    private func addFailures(to context: inout [String: Any]) {
        // Failures of random seeds say nothing of what the model would choose.
        let failures = history.failures.filter { $0.origin != .randomSeed }
        context["hasFailures"] = !failures.isEmpty
        let counts = Dictionary(grouping: failures) { $0.evaluation.outcome.rawValue }.mapValues(\.count)
        context["failureCounts"] = counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
            separator: ", ")
        context["failures"] = distinctFailures(failures).map { entry in
            "\(entry.evaluation.outcome.rawValue): \(changes(entry))"
                + (entry.evaluation.reason.map { ": \($0)" } ?? "")
        }
    }

    /// The latest failures, those with a new reason first.
    private func distinctFailures(_ failures: [History.Entry]) -> [History.Entry] {
        var seen: Set<String> = []
        var new: [History.Entry] = []
        var repeated: [History.Entry] = []
        for entry in failures.reversed() {
            let key = "\(entry.evaluation.outcome.rawValue) \(entry.evaluation.reason ?? "")"
            if seen.insert(key).inserted { new.append(entry) } else { repeated.append(entry) }
        }
        return Array((new + repeated).prefix(Self.mostFailures))
    }

    private func lines(_ rejections: [RejectedProposal]) -> [String] {
        var lines = rejections.prefix(Self.mostRejections).map { "\($0.proposal): \($0.reason)" }
        if rejections.count > Self.mostRejections { lines.append("(\(rejections.count - Self.mostRejections) more)") }
        return lines
    }

    private func changes(_ entry: History.Entry) -> String {
        let changes = entry.config.changes(from: history.space.defaultConfig)
        return changes.names.isEmpty ? "the default" : changes.json
    }

    /// Registers, spills and the like, where the backend knows them.
    private func details(_ entry: History.Entry) -> String {
        guard let resources = entry.evaluation.resources else { return "" }
        var parts: [String] = []
        if let registers = resources.registersPerThread { parts.append("\(registers) registers") }
        if let spills = resources.spillBytes, spills > 0 { parts.append("\(spills) B spilled") }
        if let shared = resources.sharedMemoryBytes { parts.append("\(shared) B shared") }
        if let occupancy = resources.occupancy { parts.append("occupancy \(Numbers.percent(occupancy, digits: 0))") }
        if let share = resources.shareOfLimit { parts.append("\(Numbers.percent(share, digits: 0)) of the limit") }
        return parts.isEmpty ? "" : " [\(parts.joined(separator: ", "))]"
    }
}
