/// What is wrong in an input file: where, what, and what to do about it.
///
/// Printed as one line for the place and the fault, and an indented line for the cure:
///
///     kernel.json:12:15: config_space[2].min: 0 is not a power of two
///       use 1, 2, 4, 8, …
public struct SpecError: Error, Equatable, CustomStringConvertible {
    /// The file as the user named it.
    public let file: String
    /// From 1; nil where the fault has no one place in the file.
    public let line: Int?
    /// From 1, in Unicode scalars; nil where `line` is.
    public let column: Int?
    /// The JSON path, such as `config_space[2].min`; empty for the whole document.
    public let path: String
    public let message: String
    /// What to do, one sentence without a full stop.
    public let help: String?

    public init(
        file: String, line: Int? = nil, column: Int? = nil, path: String = "", message: String, help: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.message = message
        self.help = help
    }

    public var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if let column { text += ":\(column)" }
        if !path.isEmpty { text += ": \(path)" }
        text += ": \(message)"
        if let help { text += "\n  \(help)" }
        return text
    }
}
