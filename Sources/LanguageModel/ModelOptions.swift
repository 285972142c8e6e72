/// Which language model to use, and how.
public struct ModelOptions: Sendable {
    /// The model's name as its service knows it; `AUTOTUNE_MODEL` of the environment where nil.
    public var model: String?
    /// How to talk to it; inferred from the other options and the model's name where nil.
    public var provider: Provider?
    /// Where the service is, such as `http://localhost:8080/v1`; the provider's own address where nil.
    public var baseURL: String?
    /// The program to ask and its arguments, for `Provider.command`.
    public var command: [String] = []
    /// The folder with the recorded replies, for `Provider.replay`.
    public var replayDirectory: String?
    /// The folder to record replies in.
    public var recordDirectory: String?
    /// The most tokens a reply may have, reasoning included; the service's own limit where nil.
    public var maxOutputTokens: Int?
    /// The sampling temperature; the model's own where nil.
    public var temperature: Double?
    /// How much the model is to think; its own measure where nil.
    public var reasoningEffort: ReasoningEffort?
    public var structured = StructuredOutput.auto
    /// How many times a request that failed in passing is made again.
    public var retries = 5
    public var timeouts: Timeouts
    /// A file that holds the key, in the place of the provider's variable.
    public var apiKeyFile: String?
    /// A program and its arguments that print the key.
    public var apiKeyCommand: [String] = []
    /// Headers for every request: `NAME: VALUE`, `NAME: env:VARIABLE` or `NAME: file:PATH`.
    public var headers: [String] = []
    /// The client's own certificate and its key, PEM files.
    public var clientCertificate: String?
    public var clientKey: String?
    /// A socket to connect to in the place of the address's host and port.
    public var unixSocket: String?
    /// The version that the service is told, as in `autotune/0.1`.
    public var clientVersion: String
    /// Time and chance of the retries.
    var clock = RetryClock.system

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

/// Whether replies are bound to a JSON Schema.
public enum StructuredOutput: String, Sendable, CaseIterable {
    /// Where the model is known for it or nothing is known of it; without, where the service refuses the schema.
    case auto
    /// Always; a service that refuses the schema is an error.
    case on
    /// Never.
    case off
}

/// How long a request may take, in seconds.
public struct Timeouts: Sendable, Equatable {
    /// For finding the host, connecting and the TLS handshake.
    public var connect: Double
    /// From the start to the first byte of the answer; bounded by `total` alone where nil.
    ///
    /// A server without streaming sends nothing before the model's last token.
    public var firstByte: Double?
    /// Between two pieces of a stream before the first word of the reply: a model that reasons is silent for minutes.
    public var thinking: Double
    /// Between two bytes of a reply that has begun.
    public var idle: Double
    /// For all of it.
    public var total: Double

    public init(
        connect: Double = 10, firstByte: Double? = nil, thinking: Double = 300, idle: Double = 120, total: Double = 600
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.thinking = thinking
        self.idle = idle
        self.total = total
    }

    func validate() throws(LanguageModelError) {
        let named = [
            ("connect", connect), ("first-byte", firstByte ?? total), ("thinking", thinking), ("idle", idle),
            ("total", total),
        ]
        for (name, seconds) in named where !(seconds > 0 && seconds <= 86_400) {
            throw LanguageModelError(
                .badOptions, "The \(name) time limit for the language model is \(seconds) s.",
                help: "Give more than 0 and at most 86400 seconds.")
        }
    }
}
