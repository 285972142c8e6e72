/// Which service a provider's requests go to: its address, and where its key is looked for.
struct Service {
    let base: String
    /// The option or variable that named the address, for the errors.
    let source: String
    /// The variables that may hold the key, first one first.
    let keyVariables: [String]
    /// Whether a request without a key is of no use.
    let needsKey: Bool

    /// Takes the address from the option, else from the provider's variable, else the provider's own.
    init(
        provider: Provider, model: String, baseURL: String?, environment: [String: String]
    ) throws(LanguageModelError) {
        if let baseURL {
            (base, source) = (baseURL, "--base-url")
        } else if let variable = provider.addressVariables.first(where: { environment.value($0) != nil }) {
            (base, source) = (environment.value(variable) ?? "", variable)
        } else {
            base = try provider.ownAddress(model: model, environment: environment)
            source = "--base-url"
        }
        if provider == .chat, Self.isHost(base, "openrouter.ai") {
            // An address out of OpenAI's variable goes with OpenAI's key, whoever is behind it; another does not.
            keyVariables = ["OPENROUTER_API_KEY"] + (source == "OPENAI_BASE_URL" ? ["OPENAI_API_KEY"] : [])
        } else {
            keyVariables = provider.keyVariables
        }
        let known = [
            "openai.com", "anthropic.com", "openrouter.ai", "groq.com", "azure.com", "googleapis.com", "amazonaws.com",
        ]
        let base = base
        needsKey = known.contains { Self.isHost(base, $0) }
    }

    var isOpenAI: Bool { Self.isHost(base, "openai.com") }

    static func isHost(_ base: String, _ domain: String) -> Bool {
        let host = Endpoint.hostName(ofBase: base)
        return host == domain || host.hasSuffix("." + domain)
    }
}

/// Where each provider is, and what holds its key.
extension Provider {
    /// The variables that other tools for this provider take the address from.
    var addressVariables: [String] {
        switch self {
        case .openai, .chat: ["OPENAI_BASE_URL"]
        case .azure: ["AZURE_OPENAI_ENDPOINT"]
        case .anthropic: ["ANTHROPIC_BASE_URL"]
        case .gemini: ["GOOGLE_GEMINI_BASE_URL"]
        case .bedrock: ["ANTHROPIC_BEDROCK_BASE_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"]
        case .openrouter, .groq, .vllm, .llamacpp, .ollama, .lmstudio, .vertex, .command, .replay: []
        }
    }

    var keyVariables: [String] {
        switch self {
        case .openai, .chat: ["OPENAI_API_KEY"]
        case .azure: ["AZURE_OPENAI_API_KEY"]
        case .anthropic: ["ANTHROPIC_API_KEY"]
        case .gemini: ["GEMINI_API_KEY", "GOOGLE_API_KEY"]
        case .openrouter: ["OPENROUTER_API_KEY"]
        case .groq: ["GROQ_API_KEY"]
        case .vllm: ["VLLM_API_KEY"]
        case .llamacpp: ["LLAMA_API_KEY"]
        case .ollama: ["OLLAMA_API_KEY"]
        case .lmstudio: ["LM_API_TOKEN"]
        case .bedrock: ["AWS_BEARER_TOKEN_BEDROCK"]
        case .vertex: ["GOOGLE_OAUTH_ACCESS_TOKEN"]
        case .command, .replay: []
        }
    }

    /// The address that its documentation gives.
    func ownAddress(model: String, environment: [String: String]) throws(LanguageModelError) -> String {
        switch self {
        case .openai: return "https://api.openai.com/v1"
        case .chat:
            let isOpenRouters = model.contains("/") && environment.value("OPENROUTER_API_KEY") != nil
            return isOpenRouters ? "https://openrouter.ai/api/v1" : "https://api.openai.com/v1"
        case .anthropic: return "https://api.anthropic.com"
        case .gemini: return "https://generativelanguage.googleapis.com"
        case .openrouter: return "https://openrouter.ai/api/v1"
        case .groq: return "https://api.groq.com/openai/v1"
        case .vllm: return "http://localhost:8000/v1"
        case .llamacpp: return "http://localhost:8080/v1"
        case .ollama: return "http://localhost:11434/v1"
        case .lmstudio: return "http://localhost:1234/v1"
        case .azure:
            throw LanguageModelError(
                .badOptions, "Azure OpenAI has an address for each resource, and none is given.",
                help: "Set AZURE_OPENAI_ENDPOINT, or give --base-url https://RESOURCE.openai.azure.com.")
        case .bedrock: return "https://bedrock-runtime.\(Self.awsRegion(environment)).amazonaws.com"
        case .vertex: return try Self.vertexAddress(environment)
        case .command, .replay: return ""
        }
    }

    static func awsRegion(_ environment: [String: String]) -> String {
        environment.value("AWS_REGION") ?? environment.value("AWS_DEFAULT_REGION") ?? "us-east-1"
    }

    private static func vertexAddress(_ environment: [String: String]) throws(LanguageModelError) -> String {
        guard
            let project = environment.value("ANTHROPIC_VERTEX_PROJECT_ID") ?? environment.value("GOOGLE_CLOUD_PROJECT")
        else {
            throw LanguageModelError(
                .badOptions, "Vertex AI bills a project, and none is given.",
                help: "Set ANTHROPIC_VERTEX_PROJECT_ID or GOOGLE_CLOUD_PROJECT, and CLOUD_ML_REGION for another "
                    + "region than global.")
        }
        let region = environment.value("CLOUD_ML_REGION") ?? "global"
        let host = region == "global" ? "aiplatform.googleapis.com" : "\(region)-aiplatform.googleapis.com"
        return "https://\(host)/v1/projects/\(project.percentEncoded)/locations/\(region.percentEncoded)"
    }
}
