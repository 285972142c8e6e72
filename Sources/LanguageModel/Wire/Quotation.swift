internal import Foundation

/// What others wrote, made fit for a message of ours: one line, bounded, without control characters.
extension StringProtocol {
    var oneLine: String { quoted(atMost: 300) }

    /// Runs of white space and control characters become one space; what is over the limit becomes an ellipsis.
    func quoted(atMost limit: Int) -> String {
        var line = ""
        var count = 0
        var isSpacePending = false
        for scalar in unicodeScalars {
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                isSpacePending = !line.isEmpty
                continue
            }
            if count >= limit { return line + "…" }
            for kept in isSpacePending ? [" ", scalar] : [scalar] {
                line.unicodeScalars.append(kept)
                count += 1
            }
            isSpacePending = false
        }
        return line
    }
}

extension Double {
    /// The number without a fraction that is zero.
    var plain: String { Int(exactly: self).map(String.init) ?? String(self) }

    /// The number with one digit after the point.
    var tenths: String { formatted(.number.precision(.fractionLength(1)).locale(Locale(identifier: "en_US_POSIX"))) }
}
