import LanguageModel
import Testing

@Suite("Anthropic on Vertex AI") struct VertexTests {
    private let environment = [
        "GOOGLE_OAUTH_ACCESS_TOKEN": secretKey, "ANTHROPIC_VERTEX_PROJECT_ID": "my-project",
        "CLOUD_ML_REGION": "us-east5",
    ]

    private func options(_ service: Service) -> ModelOptions {
        ModelOptions(
            model: "claude-sonnet-4-6@20260217", provider: .vertex,
            baseURL: service.base + "/v1/projects/p/locations/global")
    }

    @Test("model and version go where Google wants them, with the token as a bearer")
    func request() async throws {
        try await Service.answering(AnthropicMessagesTests.stream(AnthropicMessagesTests.events)) { service in
            _ = await ask(options(service), environment)
            let received = try #require(service.received.first)
            #expect(
                received.path
                    == "/v1/projects/p/locations/global/publishers/anthropic/models/claude-sonnet-4-6@20260217:streamRawPredict"
            )
            #expect(received.headers["authorization"] == "Bearer \(secretKey)")
            #expect(received.json("anthropic_version") == #""vertex-2023-10-16""#)
            #expect(received.json("model") == nil)
            #expect(received.json("stream") == "true")
        }
    }

    @Test("Anthropic's events are read, with their tokens")
    func streaming() async throws {
        try await Service.answering(AnthropicMessagesTests.stream(AnthropicMessagesTests.events)) { service in
            let (result, events) = await listen(to: options(service), environment)
            let reply = try result.get()
            #expect(reply.text == #"{"a":1}"# && events.text == #"{"a":1}"#)
            #expect(reply.usage?.cachedInputTokens == 300)
        }
    }

    @Test("a schema and the marks for the prompt cache go as to Anthropic itself")
    func structured() async throws {
        try await Service.answering(AnthropicMessagesTests.stream(AnthropicMessagesTests.events)) { service in
            _ = await ask(options(service), environment, schema: configSchema)
            let received = try #require(service.received.first)
            #expect(received.json("output_config")?.contains(#""type":"json_schema""#) == true)
            #expect(received.json("messages")?.contains(#""cache_control":{"type":"ephemeral"}"#) == true)
        }
    }

    @Test("Google's errors are quoted, though they come in an array")
    func errors() async throws {
        let answer = Canned(
            status: 403, body: #"[{"error":{"code":403,"message":"no permission","status":"PERMISSION_DENIED"}}]"#)
        try await Service.answering(answer) { service in
            let error = await ask(options(service), environment).error
            #expect(error?.kind == .unauthorized)
            #expect(error?.message.contains("no permission") == true)
            #expect(error?.help.contains("GOOGLE_OAUTH_ACCESS_TOKEN") == true)
        }
    }
}
