import ConfigSpace
import Foundation
import KernelSpec
import Measurement
import Synchronization
import Testing

@testable import Tuning

@Suite struct ComparisonTests {
    /// Tells what it was given to time; a tile takes as many milliseconds as it is large, and those above 50 fail.
    private final class StubEvaluator: Evaluator {
        let device = DeviceDescription(name: "stub", facts: [])
        let spec: KernelSpec
        let retimed = Mutex<[[Config]]>([])

        init() throws {
            let space = try ConfigSpace(
                parameters: [
                    Parameter(name: "tile", domain: .integer(min: 1, max: 99, step: 1), defaultValue: .int(8))
                ],
                constraints: [])
            spec = KernelSpec(
                name: "k", path: "/k/kernel.json",
                kernel: Kernel(language: .c, source: "k.c", sourcePath: "/k/k.c", function: "k"), arguments: [],
                launch: nil, configSpace: space, verification: Verification(against: .defaultConfig), workload: nil,
                warnings: [])
        }

        nonisolated(nonsending) func evaluate(
            _ configs: [Config], report: nonisolated(nonsending) (Evaluation) async throws -> Void
        ) async throws {}

        func retime(_ configs: [Config]) async throws -> [Evaluation] {
            retimed.withLock { $0.append(configs) }
            return configs.map { config in
                guard case .int(let tile)? = config["tile"], tile <= 50 else {
                    return Evaluation(config: config, outcome: .runtimeError, reason: "SIGSEGV")
                }
                let timeMs = Double(tile)
                return Evaluation(
                    config: config, outcome: .measured,
                    timing: Timing(medianMs: timeMs, lowMs: timeMs - 0.5, highMs: timeMs + 0.5, samples: 9))
            }
        }

        func tile(_ tile: Int) -> Config { spec.configSpace.defaultConfig.with("tile", .int(tile)) }
    }

    /// A search whose best after each round is one of `tiles`; a round takes 5 seconds, 3 of them waiting for the model.
    private func result(_ tiles: [Int?], _ evaluator: StubEvaluator) -> RunResult {
        RunResult(
            name: "k", device: "stub", strategy: "llm", model: "m", seed: 0, session: "run", stopped: .rounds,
            stoppedReason: nil, evaluations: 1, outcomes: [:], default: nil, best: nil, speedup: nil, finalists: [],
            rounds: tiles.enumerated().map { round, tile in
                RoundSummary(
                    round: round, proposed: 4, rejected: 1, failed: 1, measured: 2, notRecorded: 0,
                    bestConfig: tile.map(evaluator.tile), seconds: RoundSeconds(model: 3, wall: 5))
            }, wallSeconds: 99)
    }

    private func comparison(_ tiles: [Int?], baseline: Int, _ evaluator: StubEvaluator) async throws -> Comparison {
        try await Comparison(
            result(tiles, evaluator),
            baseline: .init(name: "other", config: evaluator.tile(baseline), seconds: 8, evaluations: nil),
            evaluator: evaluator, startSeconds: 1)
    }

    @Test("each config is timed once, all together, and has a row for each place that it holds", arguments: [8, 4, 2])
    func once(baseline: Int) async throws {
        let evaluator = try StubEvaluator()
        let comparison = try await comparison([8, 4, 4, 2], baseline: baseline, evaluator)
        #expect(comparison.rows.map(\.name) == ["default", "L1", "L2", "L3", "L4", "other"])
        #expect(comparison.rows.map(\.timeMs) == [8, 8, 4, 4, 2, Double(baseline)])
        #expect(comparison.rows.map(\.speed) == [8, 8, 4, 4, 2, Double(baseline)].map { Double(baseline) / $0 })
        let retimed = evaluator.retimed.withLock { $0 }
        #expect(retimed.count == 1)
        #expect(retimed[0].count == 3 && Set(retimed[0]) == Set([8, 4, 2].map(evaluator.tile)))
    }

    @Test("seconds and counts add up over rounds, without the model; a round that knew no best has no row")
    func sums() async throws {
        let comparison = try await comparison([nil, 4], baseline: 2, try StubEvaluator())
        #expect(comparison.rows.map(\.name) == ["default", "L2", "other"])
        let (row, last) = (comparison.rows[1], comparison.rows[2])
        #expect(row.seconds == 4 && row.shareOfSeconds == 0.5 && row.evaluations == 6 && row.failed == 4)
        #expect(row.intervalMs == [3.5, 4.5])
        #expect(last.seconds == 8 && last.shareOfSeconds == 1 && last.evaluations == nil && last.failed == nil)
    }

    @Test("a best that is slower side by side than an earlier one, or fails, does not take its place")
    func overtaken() async throws {
        let comparison = try await comparison([4, 5, 60, 3], baseline: 2, try StubEvaluator())
        #expect(comparison.rows.map(\.timeMs) == [8, 4, 4, 4, 3, 2])
    }

    @Test("a config that fails side by side keeps its row and says how")
    func failing() async throws {
        let comparison = try await comparison([60, 4], baseline: 4, try StubEvaluator())
        #expect(comparison.rows[1].outcome == .runtimeError)
        #expect(comparison.rows[1].timeMs == nil && comparison.rows[1].speed == nil)
        #expect(comparison.rows[2].timeMs == 4)
        let baseless = try await self.comparison([4], baseline: 60, try StubEvaluator())
        #expect(baseless.rows.map(\.speed) == [nil, nil, nil] && baseless.rows[1].timeMs == 4)
    }
}
