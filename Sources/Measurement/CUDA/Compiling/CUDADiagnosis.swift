/// The first error in what NVRTC, nvcc or ptxas wrote, as a person would quote it.
struct CUDADiagnosis: Sendable {
    /// Nil where the log has none.
    let firstError: String?

    /// - Parameter source: absolute path of the user's file; errors in its folder are told relative to that.
    init(_ log: String, source: String) {
        let lines = log.split(whereSeparator: \.isNewline)
        let errors = lines.filter(Self.isError)
        // What ptxas ends with says less than what it said before.
        let line = errors.first { !$0.hasPrefix("ptxas fatal") } ?? errors.first
        firstError = line.map { line in
            if line.hasPrefix(Self.nameMap) { return Self.missingName(line, in: lines) }
            var told = String(line).replacing(FileSystem.folder(of: source) + "/", with: "")
            if line.hasPrefix("ptxas") { told = Self.decimal(Self.spaced(told)) }
            return String(told.prefix(Self.mostCharacters))
        }
    }

    /// The file that NVRTC makes of the name expressions.
    private static let nameMap = "__nv_name_map("
    /// A template's error can name types without end.
    private static let mostCharacters = 400

    private static func isError(_ line: Substring) -> Bool {
        guard let range = line.firstRange(of: "error") ?? line.firstRange(of: "fatal") else { return false }
        let before = line[..<range.lowerBound]
        let after = line[range.upperBound...].drop { $0 == " " }
        // "x.cu(3): error: …", "x.cu(3): error #20: …", "error   : …", "catastrophic error: …", "nvcc fatal   : …"
        guard after.first == ":" || after.first == "#" else { return false }
        return before.isEmpty || before.hasSuffix(": ") || before.hasSuffix("; ") || before.hasSuffix("catastrophic ")
            || before.hasSuffix(": fatal ")
            || before.hasPrefix("ptxas") || before.hasPrefix("nvcc") || before.hasPrefix("Command-line")
    }

    /// NVRTC shows the expression it could not read in the line below the error, or in a later error.
    private static func missingName(_ line: Substring, in lines: [Substring]) -> String {
        func rest(of lines: [Substring], after mark: String) -> Substring? {
            lines.lazy.compactMap { line in line.firstRange(of: mark).map { line[$0.upperBound...] } }.first
        }
        let name =
            rest(of: lines, after: "#pragma nv_mangled_name ") ?? rest(of: lines, after: "Input name expression was: ")
        let words = name?.split { $0 == " " || $0 == "\"" }.joined(separator: " ")
        return "the source has no \(words ?? "such function"): \(rest(of: [line], after: "error: ") ?? line)"
    }

    /// With single spaces: ptxas aligns its words.
    private static func spaced(_ text: String) -> String {
        text.split(separator: " ").joined(separator: " ").replacing(" :", with: ":")
    }

    /// "(0x13880 bytes, 0xc000 max)" in decimal, as everything else is told.
    private static func decimal(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            let bare = word.hasPrefix("(") ? word.dropFirst() : word
            guard bare.hasPrefix("0x"), let number = Int(bare.dropFirst(2), radix: 16) else { return String(word) }
            return "\(word.hasPrefix("(") ? "(" : "")\(number)"
        }.joined(separator: " ")
    }
}
