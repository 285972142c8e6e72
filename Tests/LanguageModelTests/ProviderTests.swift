import Testing

@testable import LanguageModel

@Suite("Which provider") struct ProviderTests {
    private let everyKey = keys.merging(["GEMINI_API_KEY": secretKey, "AWS_BEARER_TOKEN_BEDROCK": secretKey]) { $1 }

    private func url(_ options: ModelOptions, _ environment: [String: String]) throws -> String {
        let model = try makeLanguageModel(options, environment: environment)
        let http = try #require(model as? HTTPLanguageModel)
        return http.endpoint.url(for: http.format.target(streams: true))
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
            (
                "gemini-2.5-pro", "gemini-2.5-pro (gemini)",
                "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse"
            ),
            (
                "anthropic.claude-v1:0", "anthropic.claude-v1:0 (bedrock)",
                "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-v1%3A0/invoke-with-response-stream"
            ),
            ("qwen/qwen3-coder", "qwen/qwen3-coder (chat)", "https://openrouter.ai/api/v1/chat/completions"),
        ])
    func names(model: String, name: String, address: String) throws {
        let made = try makeLanguageModel(ModelOptions(model: model), environment: everyKey)
        #expect(made.name == name)
        let url = try url(ModelOptions(model: model), everyKey)
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

    @Test("Vertex AI is asked in the project and region of the environment")
    func vertex() throws {
        var environment = ["GOOGLE_OAUTH_ACCESS_TOKEN": secretKey]
        let options = ModelOptions(model: "claude-opus-4-5@20251101")
        #expect(try failure(options, environment).help.contains("ANTHROPIC_VERTEX_PROJECT_ID"))
        environment["ANTHROPIC_VERTEX_PROJECT_ID"] = "p-1"
        let global = try url(options, environment)
        #expect(
            global
                == "https://aiplatform.googleapis.com/v1/projects/p-1/locations/global/publishers/anthropic/models/claude-opus-4-5@20251101:streamRawPredict"
        )
        environment["CLOUD_ML_REGION"] = "us-east5"
        #expect(
            try url(options, environment).hasPrefix(
                "https://us-east5-aiplatform.googleapis.com/v1/projects/p-1/locations/us-east5/"))
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
