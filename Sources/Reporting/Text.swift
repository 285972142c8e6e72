internal import Foundation

/// Numbers and lines as the reports write them.
enum Text {
    static func milliseconds(_ value: Double) -> String {
        value >= 0.01 || value == 0 ? String(format: "%.4f", value) : String(format: "%.3g", value)
    }

    static func seconds(_ value: Double) -> String {
        String(format: value < 10 ? "%.2f" : "%.1f", value)
    }

    static func factor(_ value: Double) -> String {
        String(format: "%.2fx", value)
    }

    /// `text` in one line of at most `width` characters. Control characters become spaces: a compiler's message or a
    /// model's proposal must not move the cursor.
    static func line(_ text: String, width: Int) -> String {
        let plain = String(
            text.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? " " : $0 })
        return plain.count > width ? plain.prefix(max(0, width - 1)) + "…" : plain
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
