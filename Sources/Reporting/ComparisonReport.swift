internal import ConfigSpace
internal import Foundation
internal import Measurement
public import Tuning

/// A comparison as tables: on the terminal, and in Markdown.
public enum ComparisonReport {
    public static func text(_ comparison: Comparison) -> String {
        var lines = [Text.table(table(comparison)), "", explanation(comparison), ""]
        for (caption, table) in convergence(comparison) { lines += [caption, Text.table(table), ""] }
        lines += comparison.rows.map { "\($0.name): \($0.config.json)" }
        lines += ["", "session \(comparison.session)"]
        return Text.printable(lines.joined(separator: "\n") + "\n")
    }

    public static func markdown(_ comparison: Comparison) -> String {
        var lines = ["# \(comparison.name) on \(comparison.device)", ""]
        lines += markdown(table(comparison)) + ["", explanation(comparison), ""]
        for (caption, table) in convergence(comparison) { lines += [caption, ""] + markdown(table) + [""] }
        lines += comparison.rows.map { "- \($0.name): `\($0.config.json)`" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func markdown(_ table: [[String]]) -> [String] {
        guard let heading = table.first else { return [] }
        let rule = heading.indices.map { $0 == 0 ? "---" : "---:" }
        return ([heading, rule] + table.dropFirst()).map { cells in
            "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
    }

    // MARK: What each came to

    private static let heading = ["", "ms", "speed", "seconds", "of its time", "configs", "failed", "95 % interval"]

    private static func table(_ comparison: Comparison) -> [[String]] {
        guard comparison.seeds.count > 1 else { return [heading] + comparison.rows.map { cells($0) } }
        return [Array(heading.dropLast()) + ["range of ms", "range of speed"]]
            + comparison.rows.map { row in
                Array(cells(row).dropLast()) + [
                    range(row.bySeed?.compactMap(\.timeMs), Text.milliseconds),
                    range(row.bySeed?.compactMap(\.speed), Text.factor),
                ]
            }
    }

    private static func cells(_ row: Comparison.Row) -> [String] {
        [
            row.name, row.timeMs.map(Text.milliseconds) ?? row.outcome.rawValue, row.speed.map(Text.factor) ?? "-",
            row.seconds.map(Text.seconds) ?? "-",
            row.shareOfSeconds.map { String(format: "%.1f %%", $0 * 100) } ?? "-",
            row.evaluations.map(String.init) ?? "-",
            row.failed.map(String.init) ?? "-",
            row.intervalMs.map { "\(Text.milliseconds($0[0])) - \(Text.milliseconds($0[1]))" } ?? "-",
        ]
    }

    private static func range(_ values: [Double]?, _ format: (Double) -> String) -> String {
        guard let spread = Spread(values ?? []) else { return "-" }
        return "\(format(spread.least)) - \(format(spread.greatest))"
    }

    private static func explanation(_ comparison: Comparison) -> String {
        let baseline = comparison.baseline.name
        return "Times are of one moment, side by side. Speed: as many times as fast as the best of \(baseline); "
            + "seconds: of the search until then, waiting for the model apart. Starting took "
            + "\(Text.seconds(comparison.startSeconds)) s, before any of these."
            + (comparison.seeds.count > 1 ? " \(comparison.seeds.count) seeds: medians and ranges." : "")
    }

    // MARK: How they came to it

    private static func convergence(_ comparison: Comparison) -> [(caption: String, table: [[String]])] {
        let isRange = comparison.seeds.count > 1
        let what = "Best so far by single times, ms" + (isRange ? " (median, range over the seeds)" : "")
        return [
            ("evaluations", "after as many evaluations", comparison.atEvaluations),
            ("seconds", "after as many seconds, by the rounds that were over", comparison.atSeconds),
        ].compactMap { cost, caption, levels in
            guard let first = levels.first else { return nil }
            let heading = [cost] + first.sides.map(\.name)
            let rows = levels.map { level in
                [cost == "seconds" ? String(format: "%.3g", level.at) : String(Int(level.at))]
                    + level.sides.map { best($0.bestMs, isRange: isRange) }
            }
            return ("\(what), \(caption) (- before its first, and after its end):", [heading] + rows)
        }
    }

    private static func best(_ spread: Spread?, isRange: Bool) -> String {
        guard let spread else { return "-" }
        let median = Text.milliseconds(spread.median)
        guard isRange else { return median }
        return "\(median) (\(Text.milliseconds(spread.least)) - \(Text.milliseconds(spread.greatest)))"
    }
}
