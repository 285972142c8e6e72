internal import Foundation
internal import Search

/// Numbers and lines as the reports write them.
public enum Text {
    static func milliseconds(_ value: Double) -> String {
        value >= 0.01 || value == 0 ? String(format: "%.4f", value) : String(format: "%.3g", value)
    }

    static func seconds(_ value: Double) -> String {
        String(format: value < 10 ? "%.2f" : "%.1f", value)
    }

    static func factor(_ value: Double) -> String {
        String(format: "%.2fx", value)
    }

    /// "94 % of the copy bandwidth"; nil where no limit is known.
    static func share(_ share: Double?, of limit: String?) -> String? {
        guard let share, let limit else { return nil }
        return String(format: "%.0f %% of the %@", share * 100, limit)
    }

    /// "3412 tokens read (3000 from its cache), 845 written (512 of them reasoning), $0.0131": what asking a model cost, as
    /// far as it is known.
    static func cost(_ cost: ModelCost) -> String {
        var parts: [String] = []
        if let input = cost.inputTokens {
            let cached = cost.cachedInputTokens.map { $0 > 0 ? " (\($0) from its cache)" : "" } ?? ""
            parts.append("\(input) tokens read\(cached)")
        }
        if let output = cost.outputTokens {
            let reasoning = cost.reasoningTokens.map { $0 > 0 ? " (\($0) of them reasoning)" : "" } ?? ""
            parts.append("\(output) written\(reasoning)")
        }
        if let dollars = cost.dollars { parts.append(String(format: "$%.4f", dollars)) }
        return parts.joined(separator: ", ")
    }

    /// `text` in one line of at most `width` characters.
    static func line(_ text: String, width: Int) -> String {
        let plain = String(printable(text).map { $0.isNewline ? " " : $0 })
        return plain.count > width ? plain.prefix(max(0, width - 1)) + "…" : plain
    }

    /// `text` with everything but its line breaks made harmless to a terminal: a compiler's message, a file's name or a
    /// model's proposal must neither move the cursor nor turn the direction of writing.
    public static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmless($0) ? $0 : " " }))
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar == "\n"
        case .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }

    /// Rows in columns, numbers to the right; the first row is the heading.
    static func table(_ rows: [[String]]) -> String {
        guard let heading = rows.first else { return "" }
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { text, width in String(repeating: " ", count: width - text.count) + text }
                .joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
