/// How a language model is talked to, and by whom it is served.
public enum Provider: String, CaseIterable, Sendable {
    /// OpenAI's Responses API.
    case openai
    /// The Chat Completions API of OpenAI, and of everything that is compatible with it.
    case chat
    /// OpenAI's models at Microsoft Azure.
    case azure
    /// Anthropic's Messages API.
    case anthropic
    /// Anthropic's models at Amazon Bedrock.
    case bedrock
    /// Anthropic's models at Google's Vertex AI.
    case vertex
    /// Google's Gemini API.
    case gemini
    /// Services and local servers with the Chat Completions API, at the addresses they are known by.
    case openrouter, groq
    case llamacpp = "llama.cpp"
    case ollama, vllm, lmstudio
    /// Any program that reads the conversation on stdin and writes the reply to stdout.
    case command
    /// Recorded replies.
    case replay
}

extension Provider {
    /// The provider that the options mean, and by what they mean it.
    static func choose(
        _ options: ModelOptions, model: String?, environment: [String: String]
    ) throws(LanguageModelError) -> ProviderChoice {
        if let provider = options.provider { return ProviderChoice(provider, "by --provider") }
        if !options.command.isEmpty { return ProviderChoice(.command, "by the program that is given") }
        if options.replayDirectory != nil { return ProviderChoice(.replay, "by the folder that is given") }
        guard let model else { throw .noModel }
        if options.baseURL != nil { return ProviderChoice(.chat, "by --base-url") }
        if let provider = byName(model) { return ProviderChoice(provider, "by the model's name") }
        if model.contains("/"), environment.value("OPENROUTER_API_KEY") != nil {
            return ProviderChoice(.chat, "by the / in the model's name and OPENROUTER_API_KEY")
        }
        if environment.value("OPENAI_BASE_URL") != nil { return ProviderChoice(.chat, "by OPENAI_BASE_URL") }
        throw LanguageModelError(
            .noModel, "The provider of the model \"\(model.oneLine)\" cannot be told from its name.",
            help: "Give --base-url (such as http://localhost:11434/v1 for a local server), or --provider: "
                + "\(Provider.allCases.map(\.rawValue).joined(separator: ", ")); for a name of OpenRouter's, such as "
                + "vendor/model, set OPENROUTER_API_KEY.")
    }

    private static func byName(_ model: String) -> Provider? {
        let name = model.lowercased()
        if isOpenAIName(model) { return .openai }
        if name.contains("anthropic.claude") { return .bedrock }
        if name.hasPrefix("claude") { return name.contains("@") ? .vertex : .anthropic }
        if name.hasPrefix("gemini-") || name.hasPrefix("models/gemini-") { return .gemini }
        return nil
    }

    /// Whether OpenAI itself serves a model of this name; its open-weight models are served by others.
    static func isOpenAIName(_ model: String) -> Bool {
        let name = model.lowercased()
        if name.hasPrefix("gpt-oss") || name.hasPrefix("gpt4all") || name.contains("/") { return false }
        return ["gpt", "o1", "o3", "o4", "chatgpt", "codex"].contains { family in
            name.hasPrefix(family) && (!family.hasPrefix("o") || name == family || name.hasPrefix(family + "-"))
        }
    }
}

extension LanguageModelError {
    /// Nothing says which model to ask.
    static let noModel = LanguageModelError(
        .noModel, "No language model is given.",
        help: "Give --model NAME (or set AUTOTUNE_MODEL), --provider command for a program of your own, "
            + "or --provider replay for recorded replies.")
}

extension [String: String] {
    /// The variable's value; nil where it is unset or empty, which for settings means the same.
    func value(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }
}
