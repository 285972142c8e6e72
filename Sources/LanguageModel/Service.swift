/// Which service a provider's requests go to: its address, where that was given, and the variables with its key.
struct Service {
    static let openAI = "https://api.openai.com/v1"
    static let openRouter = "https://openrouter.ai/api/v1"
    static let anthropic = "https://api.anthropic.com"

    let base: String
    /// The option or variable that named the address, for the errors.
    let source: String
    /// The variables that may hold the key, first one first.
    let keyVariables: [String]

    /// Takes the address from the option, else from the provider's variable, else the provider's own.
    init(provider: Provider, model: String, baseURL: String?, environment: [String: String]) {
        let variable = provider == .anthropic ? "ANTHROPIC_BASE_URL" : "OPENAI_BASE_URL"
        let usesOpenRouter = provider == .chat && model.contains("/") && environment.value("OPENROUTER_API_KEY") != nil
        let base: String
        if let baseURL {
            (base, source) = (baseURL, "--base-url")
        } else if let address = environment.value(variable) {
            (base, source) = (address, variable)
        } else {
            base = provider == .anthropic ? Self.anthropic : usesOpenRouter ? Self.openRouter : Self.openAI
            source = "--base-url"
        }
        self.base = base
        if provider == .anthropic {
            keyVariables = ["ANTHROPIC_API_KEY"]
        } else if Self.isHost(base, "openrouter.ai") {
            // An address out of OpenAI's variable goes with OpenAI's key, whoever is behind it; another does not.
            keyVariables = ["OPENROUTER_API_KEY"] + (source == variable ? ["OPENAI_API_KEY"] : [])
        } else {
            keyVariables = ["OPENAI_API_KEY"]
        }
    }

    var isOpenAI: Bool { Self.isHost(base, "openai.com") }

    /// Whether the service is one of those known to refuse requests without a key.
    private var needsKey: Bool {
        isOpenAI || Self.isHost(base, "anthropic.com") || Self.isHost(base, "openrouter.ai")
    }

    /// The endpoint of a call, with its key; servers of one's own may do without.
    func endpoint(path: String, environment: [String: String]) throws(LanguageModelError) -> Endpoint {
        let variable = keyVariables[0]
        let key = try APIKey.first(of: keyVariables, in: environment)
        let endpoint = try Endpoint(base: base, source: source, path: path, key: key, keyVariable: variable)
        guard key != nil || !needsKey else {
            throw LanguageModelError(
                .noKey, "There is no key for \(endpoint.host).",
                help: "Set \(variable), or give --base-url for a server of your own, or --provider command.")
        }
        return endpoint
    }

    private static func isHost(_ base: String, _ domain: String) -> Bool {
        let host = Endpoint.hostName(ofBase: base)
        return host == domain || host.hasSuffix("." + domain)
    }
}
