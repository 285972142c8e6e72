import ConfigSpace
import Foundation
import LanguageModel
import Search
import Synchronization
import Testing

@testable import Tuning

/// Rounds in which a model is asked: what comes early, what it costs, and what happens when it stays away.
@Suite struct ModelRoundTests {
    /// Asks nobody, but tells configs one by one as a model that is still writing does: the next only when the one before
    /// was measured.
    private struct WritingStrategy: Strategy {
        let name = "writing"
        let stopsWhenStalled = false
        let tiles: [Int]
        let measured: AsyncStream<Int>
        var failure: LanguageModelError?
        var cost = ModelCost()
        var withoutModel: (any Strategy)?

        func waitsForModel(round: Int) -> Bool { true }

        func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
            try await propose(count, round: round, history: history, onEvent: { _ in })
        }

        nonisolated(nonsending) func propose(
            _ count: Int, round: Int, history: History, onEvent: @escaping @Sendable (ProposalEvent) -> Void
        ) async throws -> Proposals {
            let configs = tiles.map { history.space.defaultConfig.with("tile", .int($0 + 10 * round)) }
            var events = measured.makeAsyncIterator()
            for (tile, config) in zip(tiles, configs) {
                onEvent(.config(config))
                while let done = await events.next(), done != tile + 10 * round {}
            }
            if let failure { throw failure }
            return Proposals(configs: configs, exchange: .init(model: "m", cost: cost, notes: []))
        }
    }

    private struct Ascending: Strategy {
        let name = "ascending"
        let stopsWhenStalled = false

        func waitsForModel(round: Int) -> Bool { false }

        func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
            let configs = (1...99).map { history.space.defaultConfig.with("tile", .int($0)) }
            return Proposals(configs: Array(configs.filter { !history.contains($0) }.prefix(count)))
        }
    }

    /// Finds nothing that is faster than the default.
    private struct Descending: Strategy {
        let name = "descending"
        let stopsWhenStalled = true

        func waitsForModel(round: Int) -> Bool { false }

        func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
            let configs = (50...99).reversed().map { history.space.defaultConfig.with("tile", .int($0)) }
            return Proposals(configs: Array(configs.filter { !history.contains($0) }.prefix(count)))
        }
    }

    @Test("what goes on in a model's place has its own two rounds to find something")
    func patienceWithoutModel() async throws {
        var options = TuningOptions(rounds: nil, configsPerRound: 2)
        options.budget.dollars = 0.5
        let (result, _) = try await run([20, 21], options, cost: ModelCost(dollars: 0.3), withoutModel: Descending())
        #expect(result.stopped == .stalled)
        #expect(result.rounds.map(\.measured) == [2, 2, 2, 2])
    }

    private final class Warnings: TuningObserver {
        let texts = Mutex<[String]>([])

        func observe(_ event: TuningEvent) {
            if case .warning(let text) = event { texts.withLock { $0.append(text) } }
        }
    }

    private func run(
        _ tiles: [Int], _ options: TuningOptions, cost: ModelCost = ModelCost(), failure: LanguageModelError? = nil,
        withoutModel: (any Strategy)? = nil
    ) async throws -> (RunResult, warnings: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let spec = try TileKernel.spec()
        let (measured, continuation) = AsyncStream<Int>.makeStream()
        let warnings = Warnings()
        let run = TuningRun(
            spec: spec, evaluator: TileEvaluator(spec: spec, measured: { continuation.yield($0) }),
            strategy: WritingStrategy(
                tiles: tiles, measured: measured, failure: failure, cost: cost, withoutModel: withoutModel),
            options: options, session: Session(path: folder), observer: warnings, modelName: "m")
        let ended = try await run.run()
        #expect(ended.failure == nil)
        return (ended.result, warnings.texts.withLock(\.self))
    }

    @Test("what a model has written is measured while it still writes, and the round tells how much was")
    func early() async throws {
        let (result, _) = try await run([7, 5, 6], TuningOptions(rounds: 1))
        let round = try #require(result.rounds.first)
        #expect(round.early == 3)
        #expect((round.proposed, round.measured, round.rejected) == (3, 3, 0))
        #expect(result.best?.config["tile"] == .int(5))
        #expect(result.evaluations == 4)
    }

    @Test("what was measured before the model broke off is kept, and the run ends with it")
    func brokenOff() async throws {
        let failure = LanguageModelError(.server, "It broke off.", help: "Try again.")
        let (result, _) = try await run([7, 5], TuningOptions(rounds: 2), failure: failure)
        #expect(result.stopped == .modelUnavailable)
        #expect(result.best?.config["tile"] == .int(5))
    }

    @Test("when the model stays away, a hybrid goes on without it and says so")
    func goesOn() async throws {
        let failure = LanguageModelError(.server, "It stays away.", help: "Try again.")
        let (result, warnings) = try await run(
            [7], TuningOptions(rounds: 2, configsPerRound: 3, limitShare: nil), failure: failure,
            withoutModel: Ascending())
        #expect(result.stopped == .rounds)
        #expect(result.best?.config["tile"] == .int(1))
        #expect(result.evaluations == 8)
        #expect(warnings.contains { $0.contains("It stays away.") && $0.contains("goes on with ascending") })
        #expect(result.rounds.map(\.measured) == [4, 3])
    }

    @Test(
        "what the model may cost ends its rounds, in money as in tokens",
        arguments: [Budget(dollars: 0.02), Budget(tokens: 2_500)])
    func cost(budget: Budget) async throws {
        let cost = ModelCost(inputTokens: 1_000, outputTokens: 500, dollars: 0.011)
        let (result, _) = try await run(
            [7], TuningOptions(rounds: 9, budget: budget), cost: cost)
        #expect(result.stopped == .modelBudget)
        #expect(result.rounds.count == 2)
        #expect(result.modelCost?.tokens == 3_000)
        #expect(result.modelCost?.dollars == 0.022)
    }
}
