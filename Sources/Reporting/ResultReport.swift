internal import ConfigSpace
internal import Measurement
public import Tuning

/// The result as it is printed on standard output: a row for each round, then the best config ready to paste.
public enum ResultReport {
    /// Rounds beyond this are left out in the middle; `result.json` has all.
    static let mostRounds = 20

    public static func text(_ result: RunResult) -> String {
        var parts: [String] = []
        if !result.rounds.isEmpty { parts.append(rounds(result)) }
        if result.finalists.count > 1 { parts.append(finalists(result)) }
        parts.append(summary(result))
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func rounds(_ result: RunResult) -> String {
        let heading = [
            "round", "proposed", "rejected", "failed", "measured", "best ms", "gain", "model s", "compile s",
            "verify s",
            "time s", "idle s", "wall s",
        ]
        var rows = result.rounds.map { round in
            [
                "\(round.round)", "\(round.proposed)", "\(round.rejected)", "\(round.failed)", "\(round.measured)",
                round.bestTimeMs.map(Text.milliseconds) ?? "-",
                round.defaultTimeMs.flatMap { reference in round.bestTimeMs.map { Text.factor(reference / $0) } }
                    ?? "-",
            ]
                + [
                    round.seconds.model, round.seconds.compile, round.seconds.verify, round.seconds.time,
                    round.seconds.idle, round.seconds.wall,
                ].map(Text.seconds)
        }
        if rows.count > mostRounds {
            rows.replaceSubrange(mostRounds / 2..<rows.count - mostRounds / 2, with: [heading.map { _ in "…" }])
        }
        return Text.table([heading] + rows)
    }

    private static func finalists(_ result: RunResult) -> String {
        let rows = result.finalists.enumerated().map { index, finalist in
            let interval = finalist.intervalMs.map { "\(Text.milliseconds($0[0])) - \(Text.milliseconds($0[1]))" }
            let isDefault = finalist.config == result.default?.config
            let place = index > 0 && finalist.tied ? "=" : "\(index + 1)"
            return [
                place, finalist.timeMs.map(Text.milliseconds) ?? finalist.outcome.rawValue, interval ?? "-",
                isDefault ? "the default" : changes(finalist.config, result),
            ]
        }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ") + "  "
                + row[3]
        }
        return (["finalists, re-timed side by side (ms, 95 % interval; = cannot be told from the first):"] + lines)
            .joined(separator: "\n")
    }

    private static func summary(_ result: RunResult) -> String {
        var lines: [String] = []
        if let best = result.best {
            let share = Text.share(best.resources?.shareOfLimit, of: best.resources?.limit).map { ", \($0)" } ?? ""
            lines.append("best \(Text.milliseconds(best.timeMs)) ms\(comparison(result))\(share)")
            lines.append(best.config.json)
            // A header of macros is long: --emit writes it.
            if let snippet = result.snippet, !snippet.contains("\n"), !snippet.hasPrefix("#") { lines.append(snippet) }
        } else {
            lines.append("nothing was measured\(result.stoppedReason.map { ": \($0)" } ?? "")")
        }
        lines.append("")
        lines.append(
            "\(result.evaluations) evaluations in \(Text.seconds(result.wallSeconds)) s; \(ending(result.stopped))")
        if let cost = result.modelCost { lines.append("the model: \(Text.cost(cost))") }
        lines.append("session \(result.session)")
        return lines.joined(separator: "\n")
    }

    private static func comparison(_ result: RunResult) -> String {
        guard let reference = result.default, let speedup = result.speedup else { return "" }
        if result.best?.config == reference.config { return ": nothing measured is faster than the default" }
        if result.finalists.contains(where: { $0.config == reference.config && $0.tied }) {
            return ", not to be told from the default (\(Text.milliseconds(reference.timeMs)) ms)"
        }
        return ", \(Text.factor(speedup)) the default's speed (\(Text.milliseconds(reference.timeMs)) ms)"
    }

    private static func changes(_ config: Config, _ result: RunResult) -> String {
        guard let reference = result.default?.config else { return config.json }
        return config.changes(from: reference).json
    }

    private static func ending(_ reason: StopReason) -> String {
        switch reason {
        case .rounds: "all rounds run"
        case .stalled: "stopped because the last rounds brought no gain"
        case .limit: "stopped at the device's limit (--no-limit-stop goes on)"
        case .exhausted: "nothing left to propose"
        case .timeBudget: "stopped by the time budget"
        case .evaluationBudget: "stopped by the evaluation budget"
        case .modelBudget: "stopped by what the model may cost"
        case .interrupted: "interrupted"
        case .modelUnavailable: "stopped because the model did not answer"
        case .failed: "stopped by an error"
        }
    }
}
