import ConfigSpace
import Foundation
import KernelSpec
import Measurement
import Search
import Testing

@testable import Tuning

/// What the kernel's own language refuses counts as a proposal that was rejected, not as one that failed.
@Suite struct RejectedOutcomeTests {
    /// Proposes some tiles in each round.
    private struct StubStrategy: Strategy {
        let name = "stub"
        func waitsForModel(round: Int) -> Bool { false }
        let stopsWhenStalled = false
        let tiles: [[Int]]

        func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
            guard round < tiles.count else { return Proposals(configs: []) }
            return Proposals(configs: tiles[round].map { history.space.defaultConfig.with("tile", .int($0)) })
        }
    }

    private func run(
        refused: [Int], proposed tiles: [[Int]], seeds: [Int] = [], resuming path: String? = nil
    ) async throws -> (RunResult, folder: String) {
        let folder = path ?? FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let spec = try TileKernel.spec()
        let run = TuningRun(
            spec: spec, evaluator: TileEvaluator(spec: spec, refused: refused), strategy: StubStrategy(tiles: tiles),
            options: TuningOptions(rounds: tiles.count), session: Session(path: folder), observer: Silence(),
            modelName: nil, seeds: seeds.map { spec.configSpace.defaultConfig.with("tile", .int($0)) })
        let ended = try await run.run(resuming: path != nil)
        #expect(ended.failure == nil)
        return (ended.result, folder)
    }

    @Test("it counts among the rejected of its round")
    func counted() async throws {
        let (result, folder) = try await run(refused: [5, 7], proposed: [[5, 6], [7, 4]])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(result.rounds.map(\.proposed) == [2, 2] && result.rounds.map(\.rejected) == [1, 1])
        #expect(result.rounds.map(\.measured) == [1, 1] && result.rounds.map(\.failed) == [0, 0])
        #expect(result.outcomes == ["measured": 3, "rejected": 2])
        #expect(result.best?.timeMs == 4)
    }

    @Test("a resumed run has it once, and does not evaluate it again")
    func resumed() async throws {
        let (_, folder) = try await run(refused: [5], proposed: [[5, 6]])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Were it asked for again, it would be measured now.
        let (result, _) = try await run(refused: [], proposed: [[5, 6], [4]], resuming: folder)
        #expect(result.outcomes == ["measured": 3, "rejected": 1])
        #expect(result.rounds.map(\.rejected) == [1, 0])
    }

    @Test("the compiler's seeds are evaluated before the first round's proposals, and are none of them")
    func seeds() async throws {
        let (result, folder) = try await run(refused: [], proposed: [[5]], seeds: [3, 2])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(result.outcomes == ["measured": 4] && result.best?.timeMs == 2)
        #expect(result.rounds.map(\.proposed) == [1] && result.rounds.map(\.measured) == [1])
        let origins = try Journal(path: folder + "/journal.jsonl").events().compactMap { event -> Origin? in
            guard case .evaluation(let evaluation) = event else { return nil }
            return evaluation.origin
        }
        #expect(origins == [.defaultConfig, .compilerSeed, .compilerSeed, .search])
    }

    @Test("the history holds its reason among the rejections, and it is no failure")
    func history() throws {
        let space = try TileKernel.spec().configSpace
        var history = History(space: space)
        let config = space.defaultConfig.with("tile", .int(5))
        history.record(
            Evaluation(config: config, outcome: .rejected, reason: "Helion: no such tile"), round: 1, origin: .model)
        #expect(history.rejections == [1: [RejectedProposal(proposal: #"{"tile":5}"#, reason: "Helion: no such tile")]])
        #expect(history.failures.isEmpty && history.contains(config) && history.best == nil)
    }
}
