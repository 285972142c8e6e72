internal import Foundation

/// Sets up the language model that the options and the environment mean; nothing is sent yet.
///
/// - Parameter environment: The variables to read keys, addresses, proxies and `AUTOTUNE_MODEL` from, which a program
///   asked as the model also inherits.
/// - Throws: `noModel` where no model is named or its provider cannot be told, `noKey` and `badKey` for keys, `badURL`
///   for addresses, `noRecording` where the folder to replay is missing, `notRecordable` where nothing can be recorded,
///   `badOptions` for the rest.
public func makeLanguageModel(
    _ options: ModelOptions, environment: [String: String]
) throws(LanguageModelError) -> any LanguageModel {
    try options.validate()
    let model = options.model.flatMap { $0.isEmpty ? nil : $0 } ?? environment.value("AUTOTUNE_MODEL")
    let provider = try Provider.choose(options, model: model, environment: environment).provider
    let made = try make(provider, model: model, options, environment)
    guard let directory = options.recordDirectory else { return made }
    guard provider != .replay else {
        throw LanguageModelError(
            .badOptions, "Recorded replies cannot be recorded again.", help: "Leave out --record, or --provider replay."
        )
    }
    return try RecordingModel(
        made, directory: directory, kind: provider == .command ? "reply of a program" : "live reply", provider: provider
    )
}

private func make(
    _ provider: Provider, model: String?, _ options: ModelOptions, _ environment: [String: String]
) throws(LanguageModelError) -> any LanguageModel {
    switch provider {
    case .command:
        return try CommandModel(
            model: model, command: options.command, environment: environment, limit: options.timeouts.total)
    case .replay:
        guard let directory = options.replayDirectory ?? options.model else {
            throw LanguageModelError(
                .noRecording, "No folder of recorded replies is given.",
                help: "Name the folder that holds round-0.txt, round-1.txt, …")
        }
        return try ReplayModel(directory: directory)
    default:
        guard let model else { throw .noModel }
        return try HTTPLanguageModel(model: model, provider: provider, options: options, environment: environment)
    }
}

extension HTTPLanguageModel {
    fileprivate init(
        model: String, provider: Provider, options: ModelOptions, environment: [String: String]
    ) throws(LanguageModelError) {
        let service = try Service(
            provider: provider, model: model, baseURL: options.baseURL, environment: environment)
        let (authorization, isKeyKnown) = try Authorization.choose(service, provider, options, environment)
        let extraHeaders = try ExtraHeaders(options.headers, environment: environment)
        name = "\(model) (\(provider.rawValue))"
        format = provider.format(of: model, service, environment)
        endpoint = try Endpoint(base: service.base, source: service.source)
        guard isKeyKnown || extraHeaders.haveKey || !service.needsKey else {
            let variables =
                service.keyVariables.prefix(1)
                + (provider == .bedrock ? ["AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY"] : [])
            throw LanguageModelError(
                .noKey, "There is no key for \(endpoint.host).",
                help:
                    "Set \(variables.joined(separator: " or ")), or give --api-key-file, --api-key-command, --base-url "
                    + "for a server of your own, or --provider command.")
        }
        self.authorization = authorization
        self.extraHeaders = extraHeaders
        transport = CurlTransport(settings: ConnectionSettings(options, environment))
        redactor = Redactor(environment: environment, others: extraHeaders.secrets.value)
        timeouts = options.timeouts
        preferences = RequestPreferences(
            structured: options.structured, maxOutputTokens: options.maxOutputTokens,
            temperature: options.temperature, reasoningEffort: options.reasoningEffort)
        retry = RetryPolicy(retries: options.retries)
        clock = options.clock
        keyVariable = service.keyVariables.first ?? "a key"
    }
}

extension Provider {
    /// The API that the provider speaks.
    fileprivate func format(of model: String, _ service: Service, _ environment: [String: String]) -> any WireFormat {
        switch self {
        case .openai: return OpenAIResponses(model: model)
        case .anthropic: return AnthropicMessages(model: model)
        case .bedrock: return AnthropicOnBedrock(messages: AnthropicMessages(model: model))
        case .vertex: return AnthropicOnVertex(messages: AnthropicMessages(model: model))
        case .gemini: return GeminiGenerateContent(model: model)
        case .azure:
            return ChatCompletions(
                model: model, isOpenAI: true, usesCompletionTokens: true, keyHeader: .apiKey,
                azureTarget: Self.azureTarget(model, environment))
        default:
            return ChatCompletions(
                model: model, isOpenAI: service.isOpenAI,
                usesCompletionTokens: service.isOpenAI || Provider.isOpenAIName(model),
                usesObjectForm: self == .llamacpp)
        }
    }

    /// Azure's addresses have no version since August 2025; whoever names one means those before.
    ///
    /// <https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle>
    private static func azureTarget(_ deployment: String, _ environment: [String: String]) -> CallTarget {
        guard let version = environment.value("AZURE_OPENAI_API_VERSION") ?? environment.value("OPENAI_API_VERSION")
        else { return CallTarget(path: "openai/v1/chat/completions") }
        return CallTarget(
            path: "openai/deployments/\(deployment.percentEncoded)/chat/completions",
            query: "api-version=\(version.percentEncoded)")
    }
}

extension ConnectionSettings {
    fileprivate init(_ options: ModelOptions, _ environment: [String: String]) {
        timeouts = options.timeouts
        userAgent = "autotune/\(options.clientVersion)"
        authorities = environment.value("CURL_CA_BUNDLE") ?? environment.value("SSL_CERT_FILE")
        authoritiesFolder = environment.value("SSL_CERT_DIR")
        clientCertificate = options.clientCertificate
        clientKey = options.clientKey
        clientKeyPassword = environment.value("AUTOTUNE_CLIENT_KEY_PASSWORD").map { Secret($0) }
        unixSocket = options.unixSocket
        proxies = Proxies(environment: environment)
    }
}

extension ModelOptions {
    fileprivate func validate() throws(LanguageModelError) {
        func refuse(_ what: String, _ help: String) -> LanguageModelError {
            LanguageModelError(.badOptions, what, help: help)
        }
        try timeouts.validate()
        if let tokens = maxOutputTokens, tokens < 1 {
            throw refuse("The limit of output tokens is \(tokens).", "Give --max-output-tokens a positive number.")
        }
        if let temperature, !(0...2).contains(temperature) {
            throw refuse("The temperature is \(temperature).", "Give --temperature a number from 0 to 2.")
        }
        if !(0...100).contains(retries) {
            throw refuse("The number of retries is \(retries).", "Give --model-retries a number from 0 to 100.")
        }
        if apiKeyFile != nil, !apiKeyCommand.isEmpty {
            throw refuse("Both --api-key-file and --api-key-command are given.", "Give one of them.")
        }
        if clientKey != nil, clientCertificate == nil {
            throw refuse("A client key is given without its certificate.", "Give --client-cert too.")
        }
        for (option, path) in [("--client-cert", clientCertificate), ("--client-key", clientKey)] {
            if let path, !FileManager.default.isReadableFile(atPath: path) {
                throw refuse("The file \(path.oneLine) cannot be read.", "Check \(option).")
            }
        }
        // Of the kernel's address format (sun_path).
        if let unixSocket, unixSocket.utf8.count > 107 {
            throw refuse("The path of the socket is longer than 107 bytes.", "Give --unix-socket a shorter path.")
        }
    }
}
