/// What others wrote, made fit for a message of ours: one line, bounded, without control characters.
extension StringProtocol {
    var oneLine: String { quoted(atMost: 300) }

    /// Runs of white space and control characters become one space; what is over the limit becomes an ellipsis.
    func quoted(atMost limit: Int) -> String {
        var line = ""
        var isSpacePending = false
        var count = 0
        for scalar in unicodeScalars {
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                isSpacePending = !line.isEmpty
                continue
            }
            if count >= limit { return line + "…" }
            if isSpacePending { line.unicodeScalars.append(" ") }
            isSpacePending = false
            line.unicodeScalars.append(scalar)
            count += 1
        }
        return line
    }
}

extension Double {
    /// The number without a fraction that is zero.
    var plain: String { Int(exactly: self).map(String.init) ?? String(self) }
}
