import Testing

@testable import LanguageModel

@Suite("Services with Chat Completions") struct ChatServiceTests {
    @Test(
        "each is found at the address it is known by, with its own key",
        arguments: [
            (Provider.openrouter, "https://openrouter.ai/api/v1/chat/completions", "OPENROUTER_API_KEY"),
            (.groq, "https://api.groq.com/openai/v1/chat/completions", "GROQ_API_KEY"),
            (.llamacpp, "http://localhost:8080/v1/chat/completions", "LLAMA_API_KEY"),
            (.ollama, "http://localhost:11434/v1/chat/completions", "OLLAMA_API_KEY"),
            (.vllm, "http://localhost:8000/v1/chat/completions", "VLLM_API_KEY"),
            (.lmstudio, "http://localhost:1234/v1/chat/completions", "LM_API_TOKEN"),
        ])
    func addresses(provider: Provider, address: String, variable: String) async throws {
        let options = ModelOptions(model: "vendor/m", provider: provider)
        let model = try #require(
            try makeLanguageModel(options, environment: [variable: secretKey]) as? HTTPLanguageModel)
        #expect(model.endpoint.url(for: model.format.target(streams: true)) == address)
        try await Service.answering(chatAnswer()) { service in
            var options = options
            options.baseURL = service.base
            _ = await ask(options, [variable: secretKey])
            #expect(service.received.first?.headers["authorization"] == "Bearer \(secretKey)")
        }
    }

    @Test("Azure is asked at the resource's address, with its own header for the key")
    func azure() async throws {
        try await Service.answering(chatAnswer()) { service in
            let environment = ["AZURE_OPENAI_ENDPOINT": service.base + "/", "AZURE_OPENAI_API_KEY": secretKey]
            var options = ModelOptions(model: "my-gpt", provider: .azure, maxOutputTokens: 9)
            _ = await ask(options, environment)
            let received = try #require(service.received.first)
            #expect(received.path == "/openai/v1/chat/completions" && received.query == "")
            #expect(received.headers["api-key"] == secretKey && received.headers["authorization"] == nil)
            #expect(received.json("max_completion_tokens") == "9")

            options.baseURL = service.base + "/openai/v1"
            _ = await ask(options, environment)
            #expect(service.received.last?.path == "/openai/v1/chat/completions")
        }
    }

    @Test("a version of Azure's API means the addresses that had one")
    func azureVersion() async throws {
        try await Service.answering(chatAnswer()) { service in
            let environment = [
                "AZURE_OPENAI_ENDPOINT": service.base, "AZURE_OPENAI_API_KEY": secretKey,
                "OPENAI_API_VERSION": "2024-10-21",
            ]
            _ = await ask(ModelOptions(model: "my gpt", provider: .azure), environment)
            let received = try #require(service.received.first)
            #expect(received.path.replacing("%20", with: " ") == "/openai/deployments/my gpt/chat/completions")
            #expect(received.query == "api-version=2024-10-21")
        }
    }

    @Test("Azure takes schemas as OpenAI does, streams with its tokens, and quotes its errors")
    func azureReplies() async throws {
        let stream = eventStream(
            #"{"choices":[],"prompt_filter_results":[{"prompt_index":0}]}"#,
            #"{"choices":[{"delta":{"content":"x"}}],"model":"gpt-5"}"#,
            #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":2}}}"#,
            "[DONE]")
        let refusal = Canned(
            status: 401, body: #"{"error":{"code":"401","message":"Access denied due to invalid key"}}"#)
        try await Service.answering(stream, refusal) { service in
            let environment = ["AZURE_OPENAI_ENDPOINT": service.base, "AZURE_OPENAI_API_KEY": secretKey]
            let model = try makeLanguageModel(ModelOptions(model: "d", provider: .azure), environment: environment)
            #expect(model.schemaDialect == .openAI)
            let (result, events) = await listen(to: model, schema: configSchema)
            #expect(events.text == "x")
            let reply = try result.get()
            #expect(reply.usage == Usage(inputTokens: 3, cachedInputTokens: 2, outputTokens: 4))
            #expect(service.received.first?.json("response_format")?.contains(#""strict":true"#) == true)
            let error = await listen(to: model).result.error
            #expect(error?.kind == .unauthorized)
            #expect(error?.message.contains("Access denied") == true)
            #expect(error?.help.contains("AZURE_OPENAI_API_KEY") == true)
        }
    }

    @Test("Azure without an address is an error that says what to give")
    func azureNowhere() async {
        let error = await ask(ModelOptions(model: "d", provider: .azure), ["AZURE_OPENAI_API_KEY": secretKey]).error
        #expect(error?.kind == .badOptions)
        #expect(error?.help.contains("AZURE_OPENAI_ENDPOINT") == true)
    }
}
