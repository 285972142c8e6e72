import ConfigSpace
import Measurement
import Testing

@testable import Search

/// Searches that learn from each evaluation: a few configs at a time, played back from the history alone.
@Suite struct SequentialSearchTests {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case bayes, ils, annealing, genetic, de

        var testDescription: String { rawValue }

        func strategy(seed: UInt64, batch: Int = 1) -> any Strategy {
            switch self {
            case .bayes:
                var options = BayesianStrategy.Options()
                options.batch = batch
                return BayesianStrategy(seed: seed, options: options)
            case .ils: return IteratedLocalStrategy(seed: seed, batch: batch)
            case .annealing: return AnnealingStrategy(seed: seed, batch: batch)
            case .genetic: return GeneticStrategy(seed: seed, batch: batch)
            case .de: return DifferentialEvolutionStrategy(seed: seed, batch: batch)
            }
        }
    }

    /// 1 ms at (a, b, mode) = (17, 5, "x"), more with the distance, twice that in other modes; a > 28 fails.
    private func evaluation(_ config: Config) -> Evaluation {
        func number(_ name: String) -> Int { if case .int(let number)? = config[name] { number } else { 0 } }
        if number("a") > 28 { return Evaluation(config: config, outcome: .launchError, reason: "too large") }
        let squares = [("a", 17), ("b", 5)].reduce(0) { $0 + (number($1.0) - $1.1) * (number($1.0) - $1.1) }
        return StrategyTests.measured(config, (config["mode"] == .string("x") ? 1.0 : 2) * (1 + Double(squares) / 100))
    }

    private func space() throws -> ConfigSpace {
        let numbers = ["a", "b"].map { Parameter(name: $0, domain: .integer(min: 1, max: 30, step: 1)) }
        let mode = Parameter(name: "mode", domain: .values(["w", "x", "y"].map(Value.string)))
        let order = Parameter(name: "order", domain: .permutation(length: 3))
        return try ConfigSpace(
            parameters: numbers + [mode, order], constraints: [Constraint(try Expression(parsing: "a + b <= 40"))])
    }

    /// Asks until so many configs are evaluated.
    private func run(_ strategy: any Strategy, evaluations: Int) async throws -> History {
        var history = History(space: try space())
        var round = 0
        while history.entries.count < evaluations {
            let missing = evaluations - history.entries.count
            let proposals = try await strategy.propose(min(10, missing), round: round, history: history)
            try #require(!proposals.configs.isEmpty && proposals.configs.count <= min(10, missing))
            for config in proposals.configs {
                #expect(!history.contains(config) && history.space.isValid(config))
                history.record(evaluation(config), round: round, origin: .search)
            }
            round += 1
        }
        return history
    }

    @Test("it comes nearer to the optimum than random ones do, over five seeds", arguments: Kind.allCases)
    func optimum(kind: Kind) async throws {
        var (guided, random) = (0.0, 0.0)
        for seed in UInt64(0)..<5 {
            guided += try #require(try await run(kind.strategy(seed: seed), evaluations: 80).best?.timeMs)
            random += try #require(try await run(RandomStrategy(seed: seed), evaluations: 80).best?.timeMs)
        }
        #expect(guided < random)
    }

    @Test("a long Bayesian search with all its ways to propose never repeats a config")
    func longSearch() async throws {
        var options = BayesianStrategy.Options()
        options.batch = 4
        options.poll = 0.25
        options.trees = 10
        let history = try await run(BayesianStrategy(seed: 1, options: options), evaluations: 320)
        #expect(history.entries.count == 320)
    }

    @Test("the same seed proposes the same, another seed something else", arguments: Kind.allCases)
    func repeats(kind: Kind) async throws {
        func configs(_ seed: UInt64) async throws -> [Config] {
            try await run(kind.strategy(seed: seed, batch: 4), evaluations: 40).entries.map(\.config)
        }
        let first = try await configs(4)
        #expect(try await configs(4) == first)
        #expect(try await configs(5) != first)
    }

    @Test("a small space is searched to its end, and then nothing is proposed", arguments: Kind.allCases)
    func exhausted(kind: Kind) async throws {
        var history = History(space: try StrategyTests.space())
        let strategy = kind.strategy(seed: 1)
        for round in 0..<400 {
            let proposals = try await strategy.propose(5, round: round, history: history)
            if proposals.configs.isEmpty { break }
            for config in proposals.configs {
                #expect(!history.contains(config))
                history.record(StrategyTests.measured(config, 1), round: round, origin: .search)
            }
        }
        #expect(history.entries.count == 21)
        #expect(try await strategy.propose(5, round: 999, history: history).configs.isEmpty)
    }

    @Test("with a poll of one in four, one of four proposals at least is one step from one of the two fastest")
    func poll() async throws {
        var options = BayesianStrategy.Options()
        options.poll = 0.25
        options.batch = 4
        for seed in UInt64(0)..<3 {
            let history = try await run(Kind.bayes.strategy(seed: seed), evaluations: 20)
            let proposals = try await BayesianStrategy(seed: seed, options: options).propose(
                4, round: 9, history: history)
            let adjacent = history.ranked.prefix(2).flatMap { history.space.adjacent(to: $0.config) }
            #expect(proposals.configs.count == 4)
            #expect(proposals.configs.contains(where: adjacent.contains))
        }
    }

    @Test("where everything fails it goes on to look", arguments: Kind.allCases)
    func failures(kind: Kind) async throws {
        var history = History(space: try space())
        for round in 0..<6 {
            let proposals = try await kind.strategy(seed: 2).propose(10, round: round, history: history)
            try #require(!proposals.configs.isEmpty)
            for config in proposals.configs {
                history.record(
                    Evaluation(config: config, outcome: .compileError, reason: "no"), round: round, origin: .search)
            }
        }
    }
}
