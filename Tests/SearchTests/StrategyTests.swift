import ConfigSpace
import Measurement
import Testing

@testable import Search

@Suite struct StrategyTests {
    static func space() throws -> ConfigSpace {
        try ConfigSpace(
            parameters: [
                Parameter(name: "a", domain: .integer(min: 1, max: 6, step: 1)),
                Parameter(name: "b", domain: .integer(min: 1, max: 6, step: 1)),
            ], constraints: [Constraint(try Expression(parsing: "a <= b"))])
    }

    static func measured(_ config: Config, _ timeMs: Double) -> Evaluation {
        Evaluation(
            config: config, outcome: .measured,
            timing: Timing(medianMs: timeMs, lowMs: timeMs, highMs: timeMs, samples: 5))
    }

    @Test("an exhaustive search proposes every valid config once")
    func exhaustive() async throws {
        var history = History(space: try Self.space())
        var seen: [Config] = []
        for round in 0..<10 {
            let proposals = try await ExhaustiveStrategy().propose(4, round: round, history: history)
            seen += proposals.configs
            for config in proposals.configs { history.record(Self.measured(config, 1), round: round, origin: .search) }
        }
        #expect(seen.count == 21)
        #expect(Set(seen).count == 21)
    }

    @Test("a random search repeats itself for a seed, round by round, and never a config")
    func random() async throws {
        func run(seed: UInt64) async throws -> [Config] {
            var history = History(space: try Self.space())
            for round in 0..<4 {
                for config in try await RandomStrategy(seed: seed).propose(4, round: round, history: history).configs {
                    history.record(Self.measured(config, 1), round: round, origin: .search)
                }
            }
            return history.entries.map(\.config)
        }
        let first = try await run(seed: 5)
        #expect(first.count == 16)
        #expect(Set(first).count == 16)
        #expect(try await run(seed: 5) == first)
        #expect(try await run(seed: 6) != first)
    }

    @Test("a local search goes on from the fastest, looks elsewhere too, and finds the optimum of a smooth space")
    func local() async throws {
        let space = try ConfigSpace(
            parameters: ["a", "b", "c"].map { Parameter(name: $0, domain: .integer(min: 1, max: 30, step: 1)) },
            constraints: [])
        func time(_ config: Config) -> Double {
            config.values.reduce(1) { sum, value in
                guard case .int(let number) = value else { return sum }
                return sum + Double((number - 17) * (number - 17))
            }
        }
        func run(seed: UInt64) async throws -> [Config] {
            var history = History(space: space)
            for round in 0..<20 {
                let proposals = try await LocalStrategy(seed: seed).propose(20, round: round, history: history)
                #expect(proposals.configs.count == 20)
                for config in proposals.configs {
                    #expect(!history.contains(config))
                    history.record(Self.measured(config, time(config)), round: round, origin: .search)
                }
            }
            #expect(history.best?.timeMs == 1)
            return history.entries.map(\.config)
        }
        let first = try await run(seed: 3)
        #expect(Set(first).count == 400)
        #expect(try await run(seed: 3) == first)
    }

    @Test("a local search ends when all is known")
    func localEnds() async throws {
        var history = History(space: try Self.space())
        for round in 0..<3 {
            for config in try await LocalStrategy(seed: 1).propose(9, round: round, history: history).configs {
                history.record(Self.measured(config, 1), round: round, origin: .search)
            }
        }
        #expect(history.entries.count == 21)
        #expect(try await LocalStrategy(seed: 1).propose(9, round: 3, history: history).configs.isEmpty)
    }

    @Test("gains below half a percent in all are no progress")
    func progress() throws {
        var history = History(space: try Self.space())
        let configs = Array(history.space.allConfigs().prefix(6))
        #expect(history.evaluationsSinceGain == 0)
        for (config, time) in zip(configs, [3.0, 2, 1.999, 1.995]) {
            history.record(Self.measured(config, time), round: 0, origin: .search)
        }
        #expect(history.evaluationsSinceGain == 2)
        history.record(Self.measured(configs[4], 1.9), round: 0, origin: .search)
        #expect(history.evaluationsSinceGain == 0)
        history.record(Evaluation(config: configs[5], outcome: .compileError), round: 0, origin: .search)
        #expect(history.evaluationsSinceGain == 1)
    }

    @Test("the history ranks by time, earlier first among equals, and a re-timing replaces")
    func ranking() throws {
        let space = try Self.space()
        var history = History(space: space)
        let configs = Array(space.allConfigs().prefix(4))
        for (config, time) in zip(configs, [3.0, 2, 2]) {
            history.record(Self.measured(config, time), round: 0, origin: .search)
        }
        history.record(Evaluation(config: configs[3], outcome: .compileError), round: 0, origin: .search)
        #expect(history.ranked.map(\.number) == [2, 3, 1])
        #expect(history.best?.config == configs[1])
        #expect(history.failures.count == 1)
        history.record(Self.measured(configs[1], 4), round: 1, origin: .search)
        #expect(history.best?.config == configs[2])
        #expect(history.entries.count == 4)
    }
}
