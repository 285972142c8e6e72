/// The first error in what a C compiler or its linker wrote, as a person would quote it.
struct CompilerDiagnosis {
    let firstError: String?

    /// - Parameters:
    ///   - source: absolute path of the user's file; errors in its folder are told relative to that.
    ///   - entryFile: absolute path of the generated file, told by its name alone.
    init(_ text: String, source: String, entryFile: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        // A linker's summary counts as an error line too; what it could not find says more.
        let marks = ["undefined reference", "undefined symbol", ": error: ", ": fatal error: ", "error: "]
        let line = marks.lazy.compactMap { mark in lines.first { $0.contains(mark) } }.first ?? lines.first
        firstError = line.map { line in
            var told = String(line)
            for path in [source, entryFile] {
                guard let slash = path.lastIndex(of: "/") else { continue }
                told = told.replacing(path[...slash], with: "")
            }
            return String(told.prefix(Self.mostCharacters))
        }
    }

    /// A template's error can name types without end.
    private static let mostCharacters = 400
}
