internal import Foundation

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where progress is written, and what that place can show.
public struct Terminal: Sendable {
    /// Whether a line may be rewritten in place and coloured.
    public let isInteractive: Bool
    public let hasColour: Bool
    private let handle: FileHandle

    /// Standard error: colour and cursor motion only on a terminal, and colour only without NO_COLOR
    /// (https://no-color.org).
    public static func standardError() -> Terminal {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        let noColour = !(environment["NO_COLOR"] ?? "").isEmpty
        return Terminal(isInteractive: isTerminal, hasColour: isTerminal && !noColour, handle: .standardError)
    }

    init(isInteractive: Bool, hasColour: Bool, handle: FileHandle) {
        self.isInteractive = isInteractive
        self.hasColour = hasColour
        self.handle = handle
    }

    func write(_ text: String) {
        // A reader that went away is no reason to stop measuring.
        try? handle.write(contentsOf: Data(text.utf8))
    }

    enum Style: String {
        case bold = "1"
        case faint = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    func styled(_ text: String, _ style: Style) -> String {
        hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    static let eraseLine = "\r\u{1B}[2K"

    var columns: Int {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
