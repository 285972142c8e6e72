internal import ArgumentParser
internal import LanguageModel

/// How the model's service is reached: keys, limits, certificates.
struct ModelConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "File with the key, in the place of the provider's variable.", valueName: "file"),
        completion: .file())
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "Program that prints the key, such as \"gcloud auth print-access-token\"; run without a shell.",
            valueName: "command"))
    var apiKeyCommand: String?

    @Option(
        help: ArgumentHelp(
            "Header for every request: \"NAME: VALUE\", \"NAME: env:VARIABLE\" or \"NAME: file:PATH\"; repeatable.",
            valueName: "header"))
    var header: [String] = []

    @Option(help: ArgumentHelp("The client's certificate, PEM.", valueName: "file"), completion: .file())
    var clientCert: String?

    @Option(
        help: ArgumentHelp(
            "The client's key, PEM; its password is read from AUTOTUNE_CLIENT_KEY_PASSWORD.", valueName: "file"),
        completion: .file())
    var clientKey: String?

    @Option(
        help: ArgumentHelp("Socket to connect to, in the place of the address's host.", valueName: "path"),
        completion: .file())
    var unixSocket: String?

    @Option(help: ArgumentHelp("How often a request that failed in passing is made again.", valueName: "n"))
    var modelRetries = ModelOptions().retries

    @Option(help: ArgumentHelp("Seconds a request to the model may take in all.", valueName: "seconds"))
    var modelTimeout = Timeouts().total

    @Option(help: ArgumentHelp("Seconds to connect.", valueName: "seconds"))
    var connectTimeout = Timeouts().connect

    @Option(
        help: ArgumentHelp("Seconds to the first byte of an answer. Default: --model-timeout.", valueName: "seconds"))
    var firstByteTimeout: Double?

    @Option(
        help: ArgumentHelp(
            "Seconds a model that has begun to answer may think in silence before its first word.",
            valueName: "seconds"))
    var thinkingTimeout = Timeouts().thinking

    @Option(help: ArgumentHelp("Seconds of silence within a reply.", valueName: "seconds"))
    var idleTimeout = Timeouts().idle

    func check() throws {
        let limits = [
            ("--model-timeout", modelTimeout), ("--connect-timeout", connectTimeout),
            ("--first-byte-timeout", firstByteTimeout ?? 1), ("--thinking-timeout", thinkingTimeout),
            ("--idle-timeout", idleTimeout),
        ]
        for (name, seconds) in limits where !(seconds > 0 && seconds <= 86_400) {
            throw ValidationError("\(name) must be more than 0 and at most 86400 seconds")
        }
        if !(0...100).contains(modelRetries) { throw ValidationError("--model-retries must be from 0 to 100") }
        if apiKeyFile != nil, apiKeyCommand != nil {
            throw ValidationError("--api-key-file and --api-key-command exclude each other: give one of them")
        }
        if clientKey != nil, clientCert == nil { throw ValidationError("--client-key needs --client-cert") }
    }

    func apply(to options: inout ModelOptions) {
        options.apiKeyFile = apiKeyFile
        options.apiKeyCommand = (apiKeyCommand ?? "").split(separator: " ").map(String.init)
        options.headers = header
        options.clientCertificate = clientCert
        options.clientKey = clientKey
        options.unixSocket = unixSocket
        options.retries = modelRetries
        options.timeouts = Timeouts(
            connect: connectTimeout, firstByte: firstByteTimeout, thinking: thinkingTimeout, idle: idleTimeout,
            total: modelTimeout)
    }
}
