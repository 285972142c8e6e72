internal import ArgumentParser
internal import Foundation
internal import Guidance
internal import LanguageModel
internal import Search
internal import Tuning

/// How to search, and how far.
struct SearchOptions: ParsableArguments {
    enum StrategyName: String, ExpressibleByArgument, CaseIterable {
        case llm, hybrid, bayes, lfbo, local, ils, annealing, genetic, de, random, exhaustive

        var asksModel: Bool { self == .llm || self == .hybrid }
    }

    /// What a hybrid measures at most without a budget, if it always finds something better.
    static let hybridEvaluations = 200
    /// Few at a time, told of what the search found meanwhile: a model that looks into a poor corner stays there at less cost.
    static let hybridConfigsPerRound = 5

    @Option(
        help: ArgumentHelp(
            "Who proposes configs.",
            discussion:
                "hybrid asks the model for --rounds rounds, with bayes beside it, and goes on with bayes; both learn from all "
                + "that was measured. Without a budget it ends when two rounds of bayes bring no gain, at the latest after "
                + "\(Self.hybridEvaluations) evaluations. llm is the model alone."))
    var strategy = StrategyName.hybrid

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Rounds of proposals; of hybrid those in which the model is asked.",
            discussion:
                "Default: \(TuningOptions.defaultRounds); without end for exhaustive, and with a budget for those that "
                + "ask no model.",
            valueName: "n"))
    var rounds: Int?

    @Option(
        help: ArgumentHelp(
            "Configs asked for in each round.",
            discussion:
                "Default: \(TuningOptions.defaultConfigsPerRound); \(Self.hybridConfigsPerRound) of hybrid, whose search measures more "
                + "beside them; of lfbo by --effort.",
            valueName: "n"))
    var configsPerRound: Int?

    @Option(
        help: ArgumentHelp(
            "What the run may cost: a time (90s, 10m, 2h) or a number of evaluations (200).",
            discussion: "May be given once for each.", valueName: "limit"))
    var budget: [BudgetLimit] = []

    @Option(help: ArgumentHelp("Seed of everything random.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
        help: ArgumentHelp("Random configs to measure while the first request is in flight.", valueName: "n"))
    var randomSeeds = 0

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "End the run when the best is within 2 % of the device's measured limit.",
            discussion: "By the workload of the kernel file: copy or read bandwidth, matrix throughput."))
    var limitStop = true

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "While a hybrid's model is asked, measure what the search proposes.",
            discussion:
                "Two configs for each that the model is asked for, four while the model's last round is not the best."))
    var fill = true

    @OptionGroup(title: "Search without a model") var full: FullSearchOptions

    func check() throws {
        try full.check()
        if !fill, strategy != .hybrid { throw ValidationError("--no-fill needs --strategy hybrid: no other fills") }
        if let rounds, rounds < 1 { throw ValidationError("--rounds must be at least 1") }
        if let configsPerRound, !(1...1_000_000).contains(configsPerRound) {
            throw ValidationError("--configs-per-round must be between 1 and 1000000")
        }
        if randomSeeds < 0 { throw ValidationError("--random-seeds must not be negative") }
        if randomSeeds > 0, !strategy.asksModel {
            throw ValidationError(
                "--random-seeds needs --strategy llm or hybrid: other strategies leave the device no idle time")
        }
        if budget.count(where: \.isTime) > 1 || budget.count(where: { !$0.isTime }) > 1 {
            throw ValidationError("--budget takes one time and one number of evaluations")
        }
    }

    var tuningOptions: TuningOptions {
        var options = TuningOptions(randomSeeds: randomSeeds, seed: seed)
        for limit in budget {
            switch limit {
            case .seconds(let seconds): options.budget.seconds = seconds
            case .evaluations(let count): options.budget.evaluations = count
            }
        }
        switch strategy {
        case .llm: break
        case .hybrid:
            // Rounds are the model's; the search behind them ends by the budget, or where it finds no more.
            options.rounds = nil
            options.configsPerRound = Self.hybridConfigsPerRound
            options.configsPerSearchRound = TuningOptions.defaultConfigsPerRound
            if budget.isEmpty { options.budget.evaluations = Self.hybridEvaluations }
        case .lfbo:
            options.configsPerRound = full.configsPerRound
            options.rounds = budget.isEmpty ? full.rounds(of: configsPerRound ?? full.configsPerRound) : nil
        case .bayes, .local, .ils, .annealing, .genetic, .de, .random: if !budget.isEmpty { options.rounds = nil }
        case .exhaustive:
            options.rounds = nil
            options.configsPerRound = TuningOptions.exhaustiveConfigsPerRound
        }
        if let patience { options.patience = patience }
        if !limitStop { options.limitShare = nil }
        if let rounds, strategy != .hybrid { options.rounds = rounds }
        if let configsPerRound {
            options.configsPerRound = configsPerRound
            // A round without a gain says something only where it is not too small.
            options.configsPerSearchRound = options.configsPerSearchRound.map { max($0, configsPerRound) }
        }
        return options
    }

    /// The rounds without a gain that end a search; nil where the strategy itself says, or none do.
    private var patience: Int? {
        switch strategy {
        case .llm: nil
        // Where no budget says how long, it goes on for as long as it finds something.
        case .hybrid: full.patience ?? (budget.isEmpty ? TuningOptions.defaultPatience : nil)
        default: full.roundsOfPatience
        }
    }

    /// - Parameters:
    ///   - model: what asks the model; nil where none is asked.
    ///   - rounds: how often.
    ///   - isRecorded: whether evaluations cost nothing, so that nothing is gained by asking for several at once.
    func makeStrategy(_ model: LLMStrategy?, rounds: Int, isRecorded: Bool) -> any Strategy {
        let batch = full.batch ?? (isRecorded ? 1 : Self.liveBatch)
        var bayesOptions = full.bayes(batch: batch, besideModel: strategy == .hybrid)
        bayesOptions.stopsWhenStalled = patience != nil
        let bayes = BayesianStrategy(seed: seed, options: bayesOptions)
        if let model {
            guard strategy == .hybrid else { return model }
            return HybridStrategy(
                model: model, search: bayes, modelRounds: rounds, shares: fill ? HybridStrategy.Shares() : nil)
        }
        switch strategy {
        case .bayes: return bayes
        case .exhaustive: return ExhaustiveStrategy()
        case .lfbo: return LFBOStrategy(seed: seed, options: full.lfbo)
        case .local: return LocalStrategy(seed: seed)
        case .ils: return IteratedLocalStrategy(seed: seed, batch: batch)
        case .annealing: return AnnealingStrategy(seed: seed, batch: batch)
        case .genetic: return GeneticStrategy(seed: seed, batch: batch)
        case .de: return DifferentialEvolutionStrategy(seed: seed, batch: batch)
        case .llm, .hybrid, .random: return RandomStrategy(seed: seed)
        }
    }

    /// So many are compiled side by side on any machine, and are few enough to learn from.
    private static let liveBatch = 5
}

/// One value of `--budget`.
enum BudgetLimit: ExpressibleByArgument, Equatable {
    case seconds(Double)
    case evaluations(Int)

    init?(argument: String) {
        if let count = Int(argument), count > 0 {
            self = .evaluations(count)
            return
        }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        guard let unit = argument.last.flatMap({ units[$0] }), let number = Double(argument.dropLast()), number > 0,
            number * unit <= 1e9
        else { return nil }
        self = .seconds(number * unit)
    }

    var isTime: Bool {
        if case .seconds = self { true } else { false }
    }
}
