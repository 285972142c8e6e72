/// Sets up the language model that the options and the environment mean; nothing is sent yet.
///
/// - Parameter environment: The variables to read keys, addresses and `AUTOTUNE_MODEL` from, which a program asked as
///   the model also inherits.
/// - Throws: `noModel` where no model is named or its provider cannot be told, `noKey` and `badKey` for keys, `badURL`
///   for addresses, `noRecording` where the folder to replay is missing, `badOptions` for the rest.
public func makeLanguageModel(
    _ options: ModelOptions, environment: [String: String]
) throws(LanguageModelError) -> any LanguageModel {
    try options.timeouts.validate()
    if let tokens = options.maxOutputTokens, tokens < 1 {
        throw LanguageModelError(
            .badOptions, "The limit of output tokens is \(tokens).", help: "Give --max-output-tokens a positive number."
        )
    }
    let model = options.model.flatMap { $0.isEmpty ? nil : $0 } ?? environment.value("AUTOTUNE_MODEL")
    let provider = try Provider.infer(from: options, model: model, environment: environment)
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
    case .openai, .chat, .anthropic:
        guard let model else { throw .noModel }
        return try HTTPLanguageModel(model: model, provider: provider, options: options, environment: environment)
    }
}

extension HTTPLanguageModel {
    fileprivate init(
        model: String, provider: Provider, options: ModelOptions, environment: [String: String]
    ) throws(LanguageModelError) {
        let service = Service(provider: provider, model: model, baseURL: options.baseURL, environment: environment)
        let format: any WireFormat =
            switch provider {
            case .anthropic: AnthropicMessages(model: model, maxOutputTokens: options.maxOutputTokens)
            case .openai: OpenAIResponses(model: model, maxOutputTokens: options.maxOutputTokens)
            default:
                ChatCompletions(
                    model: model, maxOutputTokens: options.maxOutputTokens,
                    usesCompletionTokens: service.isOpenAI || Provider.isOpenAIName(model))
            }
        name = "\(model) (\(provider.rawValue))"
        self.format = format
        endpoint = try service.endpoint(path: format.path, environment: environment)
        transport = CurlTransport(
            timeouts: options.timeouts, userAgent: "autotune/\(options.clientVersion)",
            authorities: environment.value("CURL_CA_BUNDLE") ?? environment.value("SSL_CERT_FILE"))
        redactor = Redactor(environment: environment)
    }
}
