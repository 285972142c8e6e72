import ConfigSpace
import LanguageModel
import Measurement
import Search
import Testing

@testable import Guidance

@Suite struct StructuredRequestTests {
    /// Answers with one config, and fails where the request's schema is not the expected one.
    struct Model: LanguageModel {
        let name = "stub"
        let schemaDialect: SchemaDialect?
        let expected: String?

        func reply(
            to request: ModelRequest, onEvent: nonisolated(nonsending) @Sendable (ModelEvent) async -> Void
        ) async throws(LanguageModelError) -> Reply {
            guard request.responseSchema?.json == expected else {
                throw LanguageModelError(.badRequest, "another schema", help: "")
            }
            let reply = Reply(text: #"{"configs":[{"num_warps":8}]}"#, model: name)
            await onEvent(.text(reply.text))
            return reply
        }
    }

    struct NoConversation: ConversationStore {
        func exchange(round: Int) throws -> (prompt: [Message], reply: String)? { nil }
        func keepPrompt(_ messages: [Message], text: String, round: Int) throws {}
        func keepReply(_ reply: String, round: Int) throws {}
    }

    @Test("a model that can be bound is sent the schema of the space in its dialect, another none")
    func schema() async throws {
        let spec = try ReferenceConversationTests.spec()
        let target = PromptTarget(
            spec: spec, device: DeviceDescription(name: "CPU", facts: []), source: nil, configsPerRound: 15, rounds: 3,
            compileLimitSeconds: 15)
        for dialect in SchemaDialect.allCases.map(Optional.some) + [nil] {
            let expected = dialect.flatMap { ReplySchema(for: spec.configSpace, mostConfigs: 7, dialect: $0)?.text }
            #expect((expected == nil) == (dialect == nil))
            let strategy = LLMStrategy(
                model: Model(schemaDialect: dialect, expected: expected),
                templates: try PromptTemplates(language: .cuda), target: target, conversation: NoConversation())
            let proposals = try await strategy.propose(7, round: 0, history: History(space: spec.configSpace))
            #expect(proposals.configs.count == 1)
        }
    }
}
