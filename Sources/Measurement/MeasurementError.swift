/// Why nothing can be measured at all. What happens to one config is its `Outcome`, never this.
public struct MeasurementError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// A worker program could not be started, or did not speak the protocol.
        case workerNotUsable
        /// The worker cannot serve the kernel: its language, its compiler or its device is not there.
        case unsupported
        /// The reference that results are compared with could not be had; most often the default config fails itself.
        case referenceFailed
        /// A folder or file of the session could not be written.
        case noWorkingSpace
        /// A recording could not be read.
        case recordingNotReadable
    }

    public let kind: Kind
    /// What happened, and where.
    public let message: String
    /// What to do about it.
    public let help: String

    public init(_ kind: Kind, _ message: String, help: String) {
        self.kind = kind
        self.message = message
        self.help = help
    }

    public var description: String { "\(message)\n\(help)" }
}
