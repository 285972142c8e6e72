/// Which language model to use, and how.
public struct ModelOptions: Sendable {
    /// The model's name as its service knows it; `AUTOTUNE_MODEL` of the environment where nil.
    public var model: String?
    /// How to talk to it; inferred from the other options and the model's name where nil.
    public var provider: Provider?
    /// Where the service is, such as `http://localhost:8080/v1`; the provider's own address where nil.
    public var baseURL: String?
    /// The program to ask and its arguments, for `Provider.command`.
    public var command: [String]
    /// The folder with the recorded replies, for `Provider.replay`.
    public var replayDirectory: String?
    /// The most tokens a reply may have, reasoning included; the service's own limit where nil.
    public var maxOutputTokens: Int?
    public var timeouts: Timeouts
    /// The version that the service is told, as in `autotune/0.1`.
    public var clientVersion: String

    public init(
        model: String? = nil, provider: Provider? = nil, baseURL: String? = nil, command: [String] = [],
        replayDirectory: String? = nil, maxOutputTokens: Int? = nil, timeouts: Timeouts = Timeouts(),
        clientVersion: String = "0.1"
    ) {
        self.model = model
        self.provider = provider
        self.baseURL = baseURL
        self.command = command
        self.replayDirectory = replayDirectory
        self.maxOutputTokens = maxOutputTokens
        self.timeouts = timeouts
        self.clientVersion = clientVersion
    }
}

/// How long a request may take, in seconds.
public struct Timeouts: Sendable, Equatable {
    /// For finding the host, connecting and the TLS handshake.
    public var connect: Double
    /// From the start to the first byte of the answer; bounded by `total` alone where nil.
    ///
    /// A model that reasons is silent for minutes, because without streaming nothing is sent before its last token.
    public var firstByte: Double?
    /// Between two bytes of an answer that has begun.
    public var idle: Double
    /// For all of it.
    public var total: Double

    public init(connect: Double = 10, firstByte: Double? = nil, idle: Double = 120, total: Double = 600) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }

    func validate() throws(LanguageModelError) {
        let named = [("connect", connect), ("first-byte", firstByte ?? total), ("idle", idle), ("total", total)]
        for (name, seconds) in named where !(seconds > 0 && seconds <= 86_400) {
            throw LanguageModelError(
                .badOptions, "The \(name) time limit for the language model is \(seconds) s.",
                help: "Give more than 0 and at most 86400 seconds.")
        }
    }
}
