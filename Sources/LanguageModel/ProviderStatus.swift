/// What the environment says of one provider: where it would be asked, with whose key.
public struct ProviderStatus: Sendable, Equatable, Encodable {
    public var provider: String
    /// Nil where the environment has to say it and does not.
    public var address: String?
    /// The variable that holds the key; never the key.
    public var keyVariable: String?
    /// Whether a request could be made: there is an address, and a key where one is needed.
    public var isConfigured: Bool
    /// What there is to do where it is not configured.
    public var advice: String?

    /// The status of each service, in the order of `Provider`.
    ///
    /// - Parameter environment: The variables to look at; nothing else is read, and nothing is sent.
    public static func all(environment: [String: String]) -> [ProviderStatus] {
        Provider.allCases.filter { $0 != .command && $0 != .replay }.map { ProviderStatus($0, environment) }
    }

    private init(_ provider: Provider, _ environment: [String: String]) {
        self.provider = provider.rawValue
        do {
            let service = try Service(provider: provider, model: "", baseURL: nil, environment: environment)
            address = service.base
            keyVariable = Self.keyVariables(of: provider, service).first { environment.value($0) != nil }
            isConfigured = keyVariable != nil || !service.needsKey
            let variables = service.keyVariables + (provider == .bedrock ? ["AWS_ACCESS_KEY_ID with its secret"] : [])
            if !isConfigured { advice = "set \(variables.joined(separator: " or "))" }
        } catch {
            isConfigured = false
            advice = error.help
        }
    }

    private static func keyVariables(of provider: Provider, _ service: Service) -> [String] {
        service.keyVariables + (provider == .bedrock ? ["AWS_ACCESS_KEY_ID"] : [])
    }
}

/// Which provider the options mean, and why.
public struct ProviderChoice: Sendable, Equatable {
    public var provider: Provider
    /// "by its name", "by --provider", …
    public var reason: String

    /// - Throws: `noModel` where nothing says it.
    public init(_ options: ModelOptions, environment: [String: String]) throws(LanguageModelError) {
        let model = options.model.flatMap { $0.isEmpty ? nil : $0 } ?? environment.value("AUTOTUNE_MODEL")
        self = try Provider.choose(options, model: model, environment: environment)
    }

    init(_ provider: Provider, _ reason: String) {
        self.provider = provider
        self.reason = reason
    }
}
