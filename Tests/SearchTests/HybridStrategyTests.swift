import ConfigSpace
import Measurement
import Testing

@testable import Search

@Suite struct HybridStrategyTests {
    /// Proposes one config, by what the history shows it, and never finds anything by itself.
    private struct Fixed: Strategy {
        let name: String
        let tile: @Sendable (History) -> Int
        var asks = false
        let stopsWhenStalled = false

        func waitsForModel(round: Int) -> Bool { asks }

        func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
            Proposals(configs: [history.space.defaultConfig.with("tile", .int(tile(history)))])
        }
    }

    private static func history() throws -> History {
        let space = try ConfigSpace(
            parameters: [Parameter(name: "tile", domain: .integer(min: 1, max: 99, step: 1), defaultValue: .int(9))],
            constraints: [])
        var history = History(space: space)
        func record(_ tile: Int, _ timeMs: Double, _ origin: Origin) {
            history.record(
                Evaluation(
                    config: space.defaultConfig.with("tile", .int(tile)), outcome: .measured,
                    timing: Timing(medianMs: timeMs, lowMs: timeMs, highMs: timeMs, samples: 9)),
                round: 0, origin: origin)
        }
        record(9, 3, .defaultConfig)
        record(10, 1, .model)
        record(11, 2, .search)
        return history
    }

    /// The search proposes as many as there are entries that it sees; the model always 50.
    private static let hybrid = HybridStrategy(
        model: Fixed(name: "model", tile: { _ in 50 }, asks: true),
        search: Fixed(name: "search", tile: { $0.entries.count }), modelRounds: 2)

    private func tiles(_ configs: [Config]) -> [Value?] { configs.map { $0["tile"] } }

    @Test func `the model is asked in its rounds and the search in all that follow`() async throws {
        let history = try Self.history()
        for round in 0..<2 {
            #expect(Self.hybrid.waitsForModel(round: round))
            let proposed = try await Self.hybrid.propose(15, round: round, history: history)
            #expect(tiles(proposed.configs) == [.int(50)])
        }
        #expect(!Self.hybrid.waitsForModel(round: 2))
        #expect(tiles(try await Self.hybrid.propose(15, round: 3, history: history).configs) == [.int(3)])
    }

    @Test func `while the model is asked the search fills the time as if there were no model`() async throws {
        let history = try Self.history()
        #expect(tiles(try await Self.hybrid.fill(15, round: 1, history: history)) == [.int(2)])
        #expect(try await Self.hybrid.fill(15, round: 2, history: history).isEmpty)
    }

    @Test func `every second round of the search does not see what the model found`() async throws {
        let history = try Self.history()
        #expect(tiles(try await Self.hybrid.propose(15, round: 2, history: history).configs) == [.int(2)])
        #expect(tiles(try await Self.hybrid.propose(15, round: 3, history: history).configs) == [.int(3)])
    }

    @Test func `a history without an origin still knows what was tried`() throws {
        let history = try Self.history()
        let rest = history.without(.model)
        let config = history.space.defaultConfig.with("tile", .int(10))
        #expect(rest.entry(for: config) == nil)
        #expect(rest.contains(config))
        #expect(rest.best?.timeMs == 2)
        #expect(history.best?.timeMs == 1)
    }
}
