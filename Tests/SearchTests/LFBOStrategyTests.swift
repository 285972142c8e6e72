import ConfigSpace
import Measurement
import Testing

@testable import Search

@Suite("Likelihood-free Bayesian optimization")
struct LFBOStrategyTests {
    /// 1 ms at (a, b, c, mode) = (17, 5, 22, "x"), more with the distance, twice that in other modes; c > 28 fails.
    private func evaluation(_ config: Config) -> Evaluation {
        func number(_ name: String) -> Int { if case .int(let number)? = config[name] { number } else { 0 } }
        if number("c") > 28 { return Evaluation(config: config, outcome: .launchError, reason: "too large") }
        let squares = [("a", 17), ("b", 5), ("c", 22)].reduce(0) { sum, target in
            sum + (number(target.0) - target.1) * (number(target.0) - target.1)
        }
        let factor = config["mode"] == .string("x") ? 1.0 : 2
        return StrategyTests.measured(config, factor * (1 + Double(squares) / 100))
    }

    private func space() throws -> ConfigSpace {
        let numbers = ["a", "b", "c"].map { Parameter(name: $0, domain: .integer(min: 1, max: 30, step: 1)) }
        let mode = Parameter(name: "mode", domain: .values(["w", "x", "y"].map(Value.string)))
        return try ConfigSpace(
            parameters: numbers + [mode], constraints: [Constraint(try Expression(parsing: "a + b <= 40"))])
    }

    private func run(_ strategy: any Strategy, rounds: Int, count: Int = 10) async throws -> History {
        var history = History(space: try space())
        for round in 0..<rounds {
            let proposals = try await strategy.propose(count, round: round, history: history)
            #expect(Set(proposals.configs).count == count)
            for config in proposals.configs {
                #expect(!history.contains(config) && history.space.isValid(config))
                history.record(evaluation(config), round: round, origin: .search)
            }
        }
        return history
    }

    @Test("it comes nearer to the optimum than a random search of three times the evaluations, for each of five seeds")
    func optimum() async throws {
        for seed in UInt64(0)..<5 {
            let guided = try await run(LFBOStrategy(seed: seed), rounds: 12)
            let random = try await run(RandomStrategy(seed: seed), rounds: 36)
            let (best, other) = (try #require(guided.best?.timeMs), try #require(random.best?.timeMs))
            #expect(best < other, "seed \(seed)")
        }
    }

    @Test("failures teach it: a tenth of the space fails, few of the later proposals do")
    func failures() async throws {
        let history = try await run(LFBOStrategy(seed: 1), rounds: 12)
        let late = history.entries.filter { $0.round >= 6 }
        #expect(late.count { $0.evaluation.outcome.isFailure } <= 3)
    }

    @Test("the same seed proposes the same, round by round")
    func repeats() async throws {
        let first = try await run(LFBOStrategy(seed: 4), rounds: 5).entries.map(\.config)
        #expect(try await run(LFBOStrategy(seed: 4), rounds: 5).entries.map(\.config) == first)
        #expect(try await run(LFBOStrategy(seed: 5), rounds: 5).entries.map(\.config) != first)
    }

    @Test("it ends when all is known, and begins again where only failures are")
    func ends() async throws {
        var history = History(space: try StrategyTests.space())
        for round in 0..<4 {
            for config in try await LFBOStrategy(seed: 1).propose(9, round: round, history: history).configs {
                history.record(Evaluation(config: config, outcome: .compileError), round: round, origin: .search)
            }
        }
        #expect(history.entries.count == 21)
        #expect(try await LFBOStrategy(seed: 1).propose(9, round: 4, history: history).configs.isEmpty)
    }
}
