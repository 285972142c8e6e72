import Foundation
import LanguageModel
import LoopbackServices
import Testing

@Suite("Anthropic on Bedrock") struct BedrockTests {
    private let model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    private let credentials = [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": secretKey, "AWS_SESSION_TOKEN": "session/token==",
        "AWS_REGION": "eu-central-1",
    ]

    private func stream(_ messages: [[UInt8]]) -> Canned {
        Canned(headers: ["Content-Type": "application/vnd.amazon.eventstream"], data: Data(messages.joined()))
    }

    private var reply: Canned { stream(AnthropicMessagesTests.events.map(AWSFrames.chunk)) }

    private func options(_ service: Service) -> ModelOptions {
        ModelOptions(model: model, provider: .bedrock, baseURL: service.base)
    }

    @Test("model and version go where Amazon wants them, and the request is signed")
    func request() async throws {
        try await Service.answering(reply) { service in
            _ = await ask(options(service), credentials)
            let received = try #require(service.received.first)
            #expect(received.json("model") == nil && received.json("stream") == nil)
            #expect(received.json("anthropic_version") == #""bedrock-2023-05-31""#)
            #expect(received.json("max_tokens") == "16000")
            #expect(received.headers["accept"] == "application/json")
            #expect(received.headers["x-amz-security-token"] == "session/token==")
            let authorization = try #require(received.headers["authorization"])
            #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"))
            #expect(authorization.contains("/eu-central-1/bedrock/aws4_request"))
            #expect(authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"))
        }
    }

    @Test("the model's colon is encoded in the path")
    func path() async throws {
        try await RawService.playing { connection in
            let head = try await connection.readRequest()
            try await connection.write("HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n\(head.prefix { $0 != "\r\n" })")
        } _: { service in
            let options = ModelOptions(model: model, provider: .bedrock, baseURL: "http://\(service.authority)")
            let message = await ask(options, credentials).error?.message
            #expect(
                message?.contains(
                    "POST /model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream HTTP")
                    == true,
                "\(message ?? "")")
        }
    }

    @Test("a Bedrock key goes as a bearer token")
    func bearer() async throws {
        try await Service.answering(reply) { service in
            _ = await ask(options(service), ["AWS_BEARER_TOKEN_BEDROCK": secretKey])
            #expect(service.received.first?.headers["authorization"] == "Bearer \(secretKey)")
        }
    }

    @Test("Anthropic's events are read out of Amazon's framing, with their tokens")
    func streaming() async throws {
        try await Service.answering(reply) { service in
            let (result, events) = await listen(to: options(service), credentials)
            let reply = try result.get()
            #expect(reply.text == #"{"a":1}"# && events.text == #"{"a":1}"#)
            #expect(
                reply.usage
                    == Usage(inputTokens: 412, cachedInputTokens: 300, cacheWriteTokens: 100, outputTokens: 88))
        }
    }

    @Test("a schema and the marks for the prompt cache go as to Anthropic itself")
    func structured() async throws {
        try await Service.answering(reply) { service in
            let model = try makeLanguageModel(options(service), environment: credentials)
            #expect(model.schemaDialect == .anthropic)
            _ = await listen(to: model, schema: configSchema)
            let received = try #require(service.received.first)
            #expect(received.json("output_config")?.contains(#""type":"json_schema""#) == true)
            #expect(received.json("messages")?.contains(#""cache_control":{"type":"ephemeral"}"#) == true)
        }
    }

    @Test(
        "an exception in the stream is the service's error, to be tried again or not by its type",
        arguments: [("throttlingException", true), ("modelStreamErrorException", true), ("validationException", false)])
    func exception(type: String, isTransient: Bool) async throws {
        let begun = AnthropicMessagesTests.events.prefix(7).map(AWSFrames.chunk)
        try await Service.answering(stream(begun + [AWSFrames.exception(type, "Too many")])) { service in
            let error = await ask(options(service), credentials).error
            #expect(error?.kind == .server)
            #expect(error?.message.contains("Too many") == true)
            #expect(error?.isTransient == isTransient)
        }
    }

    @Test("refused credentials are told by their variables")
    func refused() async throws {
        let answer = Canned(status: 403, body: #"{"message":"The security token included in the request is invalid."}"#)
        try await Service.answering(answer) { service in
            let error = await ask(options(service), credentials).error
            #expect(error?.kind == .unauthorized)
            #expect(error?.message.contains("security token") == true)
            #expect(error?.help.contains("AWS_ACCESS_KEY_ID") == true)
        }
    }

    @Test("without credentials nothing is asked, and the error says what to set")
    func none() async {
        let error = await ask(ModelOptions(model: model), ["AWS_REGION": "us-west-2"]).error
        #expect(error?.kind == .noKey)
        #expect(error?.message.contains("bedrock-runtime.us-west-2.amazonaws.com") == true)
        #expect(error?.help.contains("AWS_BEARER_TOKEN_BEDROCK") == true)
    }
}
