import Testing

@testable import LanguageModel

@Suite("Which provider") struct ProviderTests {
    private func url(_ options: ModelOptions, _ environment: [String: String]) throws -> String {
        let model = try makeLanguageModel(options, environment: environment)
        return try #require(model as? HTTPLanguageModel).endpoint.url
    }

    private func failure(_ options: ModelOptions, _ environment: [String: String] = [:]) throws -> LanguageModelError {
        try #require(throws: LanguageModelError.self) { try makeLanguageModel(options, environment: environment) }
    }

    @Test(
        "the model's name tells the provider and its address",
        arguments: [
            ("gpt-5", "gpt-5 (openai)", "https://api.openai.com/v1/responses"),
            ("o3-mini", "o3-mini (openai)", "https://api.openai.com/v1/responses"),
            ("chatgpt-4o-latest", "chatgpt-4o-latest (openai)", "https://api.openai.com/v1/responses"),
            ("codex-mini-latest", "codex-mini-latest (openai)", "https://api.openai.com/v1/responses"),
            ("claude-sonnet-4-5", "claude-sonnet-4-5 (anthropic)", "https://api.anthropic.com/v1/messages"),
            ("qwen/qwen3-coder", "qwen/qwen3-coder (chat)", "https://openrouter.ai/api/v1/chat/completions"),
        ])
    func names(model: String, name: String, address: String) throws {
        let made = try makeLanguageModel(ModelOptions(model: model), environment: keys)
        #expect(made.name == name)
        let url = try url(ModelOptions(model: model), keys)
        #expect(url == address)
    }

    @Test(
        "a name that tells nothing is an error that says what to give",
        arguments: ["qwen3", "gpt-oss:20b", "o1labs", "a/b"])
    func unknownName(model: String) throws {
        let error = try failure(ModelOptions(model: model), ["OPENAI_API_KEY": secretKey])
        #expect(error.kind == .noModel)
        #expect(error.message.contains("\"\(model)\""))
        #expect(error.help.contains("--base-url") && error.help.contains("--provider"))
    }

    @Test("no model at all is an error that names the ways to give one")
    func noModel() throws {
        let error = try failure(ModelOptions())
        #expect(error.kind == .noModel)
        for way in ["--model", "AUTOTUNE_MODEL", "--provider command", "--provider replay"] {
            #expect(error.help.contains(way))
        }
    }

    @Test("the environment names the model where no option does")
    func modelOfEnvironment() throws {
        var environment = keys
        environment["AUTOTUNE_MODEL"] = "claude-opus-4-1"
        let named = try makeLanguageModel(ModelOptions(), environment: environment)
        #expect(named.name == "claude-opus-4-1 (anthropic)")
        let overridden = try makeLanguageModel(ModelOptions(model: "gpt-5"), environment: environment)
        #expect(overridden.name == "gpt-5 (openai)")
    }

    @Test("the provider given overrides the name, and a base URL means Chat Completions")
    func overrides() throws {
        let given = try url(ModelOptions(model: "gpt-5", provider: .chat), keys)
        #expect(given == "https://api.openai.com/v1/chat/completions")
        let local = try url(ModelOptions(model: "gpt-oss:20b", baseURL: "http://localhost:11434/v1"), [:])
        #expect(local == "http://localhost:11434/v1/chat/completions")
        let gateway = try url(
            ModelOptions(model: "gpt-5", provider: .openai, baseURL: "https://[::1]:8443/llm/v1/responses"), [:])
        #expect(gateway == "https://[::1]:8443/llm/v1/responses")
    }

    @Test("OpenAI's address of the environment is honoured")
    func openAIAddress() throws {
        let environment = ["OPENAI_BASE_URL": "http://127.0.0.1:8000/v1"]
        let known = try url(ModelOptions(model: "gpt-5"), environment)
        #expect(known == "http://127.0.0.1:8000/v1/responses")
        let unknown = try url(ModelOptions(model: "qwen3"), environment)
        #expect(unknown == "http://127.0.0.1:8000/v1/chat/completions")
    }

    @Test(
        "a service that needs a key is not asked without one",
        arguments: [
            (ModelOptions(model: "gpt-5"), "OPENAI_API_KEY"), (ModelOptions(model: "claude-x"), "ANTHROPIC_API_KEY"),
            (ModelOptions(model: "a/b", baseURL: "https://openrouter.ai/api/v1"), "OPENROUTER_API_KEY"),
        ])
    func noKey(options: ModelOptions, variable: String) throws {
        let others = keys.filter { $0.key != variable }
        let error = try failure(options, others)
        #expect(error.kind == .noKey)
        #expect(error.help.contains("Set \(variable)"))
    }

    @Test("an empty variable is as good as none")
    func emptyVariables() throws {
        let environment = ["AUTOTUNE_MODEL": "", "OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""]
        #expect(try failure(ModelOptions(), environment).kind == .noModel)
        #expect(try failure(ModelOptions(model: "gpt-5"), environment).kind == .noKey)
    }

    @Test(
        "an address that cannot be one is refused, by the name of what gave it",
        arguments: ["localhost:8080", "http://", "http://h/v1?x=1", "http://h/ v1", "http://h/\nv1", "ws://h/v1"])
    func badAddress(address: String) throws {
        let option = try failure(ModelOptions(model: "m", baseURL: address))
        #expect(option.kind == .badURL)
        #expect(option.message.contains("--base-url"))
        let variable = try failure(ModelOptions(model: "m"), ["OPENAI_BASE_URL": address])
        #expect(variable.message.contains("OPENAI_BASE_URL"))
    }

    @Test("a limit of no tokens is refused")
    func tokens() throws {
        #expect(try failure(ModelOptions(model: "gpt-5", maxOutputTokens: 0), keys).kind == .badOptions)
    }
}
