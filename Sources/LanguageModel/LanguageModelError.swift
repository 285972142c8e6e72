/// Why there is no reply: what happened and where, and what to do about it.
///
/// No text of it holds an API key.
public struct LanguageModelError: Error, CustomStringConvertible, Equatable {
    /// What a caller may want to tell apart.
    public enum Kind: String, Sendable, CaseIterable {
        // The request cannot be made.
        case noModel, noKey, badKey, badURL, badOptions
        // The service cannot be reached, or the connection broke.
        case unknownHost, connectionRefused, connectionLost, tls, timeout, cancelled
        // The service answered with a status that is not a success.
        case unauthorized, notFound, rateLimited, server, badRequest, redirected
        // The service answered, but there is nothing to use in it.
        case truncatedReply, emptyReply, malformedReply, replyTooLarge, refusal
        // A program or a recording in the place of a service.
        case commandFailed, noRecording
        // Files of the user's beside it.
        case badPriceList, notRecordable
    }

    public var kind: Kind
    /// What happened, and where.
    public var message: String
    /// What to do about it.
    public var help: String
    /// The seconds after which the service said to ask again, if it did.
    public var retryAfterSeconds: Double?
    /// Whether the same request may succeed later; where retries are allowed, they have been made already.
    public var isTransient: Bool
    /// The tokens that were spent in vain, where the service said so.
    public var usage: Usage?

    public init(
        _ kind: Kind, _ message: String, help: String, retryAfterSeconds: Double? = nil, isTransient: Bool = false
    ) {
        self.kind = kind
        self.message = message
        self.help = help
        self.retryAfterSeconds = retryAfterSeconds
        self.isTransient = isTransient
    }

    /// Both sentences, the help on a line of its own.
    public var description: String { help.isEmpty ? message : "\(message)\n\(help)" }
}
