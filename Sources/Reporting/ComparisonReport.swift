internal import ConfigSpace
internal import Foundation
internal import Measurement
public import Tuning

/// A comparison as a table: on the terminal, and in Markdown.
public enum ComparisonReport {
    private static let heading = ["", "ms", "speed", "seconds", "of its time", "configs", "failed", "95 % interval"]

    public static func text(_ comparison: Comparison) -> String {
        var lines = [Text.table([heading] + comparison.rows.map { cells($0, comparison) }), ""]
        lines.append(explanation(comparison))
        lines.append("")
        for row in comparison.rows { lines.append("\(row.name): \(row.config.json)") }
        lines.append("")
        lines.append("session \(comparison.session)")
        return Text.printable(lines.joined(separator: "\n") + "\n")
    }

    public static func markdown(_ comparison: Comparison) -> String {
        let rows =
            [heading, heading.indices.map { $0 == 0 ? "---" : "---:" }]
            + comparison.rows.map { cells($0, comparison) }
        var lines = ["# \(comparison.name) on \(comparison.device)", ""]
        lines += rows.map { "| " + $0.joined(separator: " | ") + " |" }
        lines += ["", explanation(comparison), ""]
        lines += comparison.rows.map { "- \($0.name): `\($0.config.json)`" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func cells(_ row: Comparison.Row, _ comparison: Comparison) -> [String] {
        [
            row.name, row.timeMs.map(Text.milliseconds) ?? row.outcome.rawValue, row.speed.map(Text.factor) ?? "-",
            row.seconds.map(Text.seconds) ?? "-",
            row.shareOfSeconds.map { String(format: "%.1f %%", $0 * 100) } ?? "-",
            row.evaluations.map(String.init) ?? "-",
            row.failed.map(String.init) ?? "-",
            row.intervalMs.map { "\(Text.milliseconds($0[0])) - \(Text.milliseconds($0[1]))" } ?? "-",
        ]
    }

    private static func explanation(_ comparison: Comparison) -> String {
        "Times are of one moment, side by side. Speed: as many times as fast as the best of \(comparison.baseline.name); "
            + "seconds: of the search until then, waiting for the model apart. Starting took "
            + "\(Text.seconds(comparison.startSeconds)) s, before any of these."
    }
}
