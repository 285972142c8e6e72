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

    private static let model = Fixed(name: "model", tile: { _ in 50 }, asks: true)

    /// The search proposes as many as there are entries that it sees; the model always 50.
    private static let hybrid = HybridStrategy(
        model: model,
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

    @Test
    func
        `where nothing better comes, about every other turn does not see what the model's configs came to, but that they were tried`()
        async throws
    {
        let seesModel = Fixed(
            name: "search", tile: { $0.ranked.contains { $0.origin == .model } ? 1 : 3 })
        let hybrid = HybridStrategy(model: Self.model, search: seesModel, modelRounds: 1)
        var history = try Self.history()
        var seen: [Bool] = []
        for turn in 0..<79 {
            let tile = try await hybrid.propose(15, round: 2, history: history).configs.first?["tile"]
            #expect(tile == .int(1) || tile == .int(3))
            seen.append(tile == .int(1))
            history.record(
                Evaluation(config: history.space.defaultConfig.with("tile", .int(20 + turn)), outcome: .runtimeError),
                round: 2, origin: .search)
        }
        #expect(seen.prefix(39).allSatisfy { $0 })
        #expect((10...30).contains(seen.dropFirst(39).count { $0 }))
        #expect(history.hiding(.model).contains(history.space.defaultConfig.with("tile", .int(10))))
    }

    /// With what the two have found in rounds 0 and 1, in milliseconds.
    private static func found(model: [Double], search: [Double]) throws -> History {
        var history = try Self.history()
        for (round, (model, search)) in zip(model, search).enumerated() {
            for (timeMs, tile, origin) in [(model, 20 + round, Origin.model), (search, 30 + round, .search)] {
                history.record(
                    Evaluation(
                        config: history.space.defaultConfig.with("tile", .int(tile)), outcome: .measured,
                        timing: Timing(medianMs: timeMs, lowMs: timeMs, highMs: timeMs, samples: 9)),
                    round: round, origin: origin)
            }
        }
        return history
    }

    /// Proposes as many as it is asked for.
    private struct Willing: Strategy {
        let name = "search"
        let stopsWhenStalled = false

        func waitsForModel(round: Int) -> Bool { false }

        func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
            Proposals(configs: (40..<40 + count).map { history.space.defaultConfig.with("tile", .int($0)) })
        }
    }

    private func filled(_ history: History, round: Int, shares: HybridStrategy.Shares? = .init()) async throws -> Int {
        let hybrid = HybridStrategy(model: Self.model, search: Willing(), modelRounds: 3, shares: shares)
        return try await hybrid.fill(9, round: round, history: history).count
    }

    @Test func `while the model is asked the search has more the less the model's last round brought`() async throws {
        #expect(try await filled(History(space: Self.history().space), round: 0) == 3)
        let leading = try Self.found(model: [0.9, 0.5], search: [0.8, 0.7])
        let trailing = try Self.found(model: [0.5, 0.9], search: [0.8, 0.7])
        #expect(try await filled(leading, round: 2) == 18)
        #expect(try await filled(trailing, round: 2) == 36)
        #expect(try await filled(trailing, round: 3) == 0)
    }

    @Test func `what was filled before an interruption is not filled again`() async throws {
        let history = try Self.found(model: [0.9, 0.5], search: [0.8, 0.7])
        #expect(try await filled(history, round: 1) == 36 - 1)
    }

    @Test func `without shares the device stays idle while the model is asked`() async throws {
        #expect(try await filled(try Self.history(), round: 1, shares: nil) == 0)
    }
}
