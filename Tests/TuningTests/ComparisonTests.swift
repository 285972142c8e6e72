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
        try await Comparison([run(0, tiles, baselines: [baseline], evaluator)], evaluator: evaluator, startSeconds: 1)
    }

    private func run(
        _ seed: UInt64, _ tiles: [Int?], baselines: [Int], points: [[Curve.Point]]? = nil, _ evaluator: StubEvaluator
    ) -> Comparison.Run {
        Comparison.Run(
            seed: seed, search: result(tiles, evaluator),
            baselines: baselines.map {
                Comparison.Baseline(name: "other", config: evaluator.tile($0), seconds: 8, evaluations: nil)
            }, points: points ?? Array(repeating: [], count: baselines.count + 1))
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

    @Test("of several seeds a row has the median, the config of it, and what each seed came to")
    func seeds() async throws {
        let evaluator = try StubEvaluator()
        let runs = [
            run(5, [8, 6], baselines: [4], evaluator), run(6, [7], baselines: [2], evaluator),
            run(7, [3, 2], baselines: [3], evaluator),
        ]
        let comparison = try await Comparison(runs, evaluator: evaluator, startSeconds: 1)
        #expect(comparison.seeds == [5, 6, 7])
        #expect(comparison.rows.map(\.name) == ["default", "L1", "L2", "other"])
        // With seed 6 the search ended after its first round: what it had then is what it has.
        #expect(comparison.rows.map(\.timeMs) == [8, 7, 6, 3])
        #expect(comparison.rows[2].config == evaluator.tile(6))
        #expect(comparison.rows[2].bySeed?.map(\.timeMs) == [6, 7, 2])
        #expect(comparison.rows[2].bySeed?.map(\.speed) == [4.0 / 6, 2.0 / 7, 1.5])
        #expect(comparison.rows[2].speed == 4.0 / 6)
        #expect(evaluator.retimed.withLock { $0.count } == 1)
    }

    @Test("baselines beside the first have rows of their own, told apart by a number, and count against the first")
    func severalBaselines() async throws {
        let evaluator = try StubEvaluator()
        let comparison = try await Comparison(
            [run(0, [6], baselines: [4, 2], evaluator)], evaluator: evaluator, startSeconds: 1)
        #expect(comparison.rows.map(\.name) == ["default", "L1", "other", "other 2"])
        #expect(comparison.rows.map(\.speed) == [0.5, 4.0 / 6, 1, 2])
        #expect(comparison.baseline.name == "other" && comparison.others?.map(\.name) == ["other 2"])
    }

    @Test("at equal cost each side has what it had then: nothing before its first, nothing after its end")
    func equalCost() async throws {
        let evaluator = try StubEvaluator()
        func point(_ evaluations: Int, _ seconds: Double, _ bestMs: Double) -> Curve.Point {
            Curve.Point(evaluations: evaluations, seconds: seconds, bestMs: bestMs)
        }
        let searched = [
            [point(1, 2, 8), point(12, 4, 6), point(30, 9, 6)], [point(1, 1, 8), point(25, 3, 3), point(26, 3, 3)],
        ]
        let baseline = [point(40, 5, 9), point(60, 20, 4), point(100, 50, 4)]
        let runs = searched.enumerated().map { seed, points in
            run(UInt64(seed), [6], baselines: [4], points: [points, baseline], evaluator)
        }
        let comparison = try await Comparison(runs, evaluator: evaluator, startSeconds: 1)
        #expect(comparison.curves.map(\.name) == ["L (llm)", "other"])
        let levels = comparison.atEvaluations
        #expect(levels.map(\.at) == [10, 25, 26, 50, 100])
        #expect(levels.map { $0.sides[0].bestMs?.median } == [8, 4.5, 4.5, nil, nil])
        #expect(levels[1].sides[0].bestMs == Spread([6, 3]))
        #expect(levels.map { $0.sides[1].bestMs?.median } == [nil, nil, nil, 9, 4])
        #expect(comparison.atSeconds.map(\.at) == [0.5, 1, 2, 3, 5, 10, 20, 50])
        #expect(comparison.atSeconds.map { $0.sides[0].bestMs?.median } == [nil, nil, 8, 5.5, nil, nil, nil, nil])
    }

    @Test("of a side whose end alone is known, that is its one point, by the time side by side")
    func endAlone() async throws {
        let comparison = try await comparison([6], baseline: 4, try StubEvaluator())
        #expect(comparison.curves[1].runs[0].points == [Curve.Point(evaluations: nil, seconds: 8, bestMs: 4)])
        #expect(comparison.atSeconds.last?.sides.map { $0.bestMs?.median } == [nil, 4])
    }
}
