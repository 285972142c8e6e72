public import ConfigSpace
internal import KernelSpec
public import Measurement

/// Searches beside each other: what each came to, re-timed side by side, and how it got there.
///
/// Written as `compare.json` with snake_case keys; its schema is `Docs/compare.schema.json`.
public struct Comparison: Sendable, Codable {
    /// What the search is compared with.
    public struct Baseline: Sendable, Codable {
        /// For example "Helion's LFBOTreeSearch", "lfbo", or the strategy of the session it was taken from.
        public var name: String
        public var config: Config
        /// What it took, without waiting for a model and without the finalists' re-timing.
        public var seconds: Double
        /// Nil where it does not tell.
        public var evaluations: Int?

        public init(name: String, config: Config, seconds: Double, evaluations: Int?) {
            self.name = name
            self.config = config
            self.seconds = seconds
            self.evaluations = evaluations
        }
    }

    /// One line of the table. Of several seeds its numbers are the medians, and the config is that of the median time.
    public struct Row: Sendable, Codable {
        /// "default", "L1", "L2", …, or a baseline's name.
        public var name: String
        public var config: Config
        public var outcome: Outcome
        /// Side by side with all others.
        public var timeMs: Double?
        public var intervalMs: [Double]?
        /// How many times as fast as the first baseline's best.
        public var speed: Double?
        /// From the beginning of the search until this was the best, without waiting for the model.
        public var seconds: Double?
        /// Of the first baseline's seconds.
        public var shareOfSeconds: Double?
        /// Configs evaluated until then, and those of them that failed or were rejected.
        public var evaluations: Int?
        public var failed: Int?
        /// The same seed by seed, where there are several.
        public var bySeed: [SeedResult]?
    }

    /// A row's own numbers with one seed.
    public struct SeedResult: Sendable, Codable {
        public var seed: UInt64
        public var config: Config
        public var timeMs: Double?
        public var speed: Double?
        public var seconds: Double?
        public var evaluations: Int?
    }

    /// The best so far of each side when each had as much: evaluations, or seconds.
    public struct Level: Sendable, Codable {
        public struct Side: Sendable, Codable {
            public var name: String
            /// By single times, in milliseconds; nil where the side ended before with one of the seeds, or had nothing yet.
            public var bestMs: Spread?
        }

        public var at: Double
        public var sides: [Side]
    }

    /// What one seed brought, side by side.
    public struct Run: Sendable {
        public var seed: UInt64
        public var search: RunResult
        /// The first is the one that speed and time are counted against.
        public var baselines: [Baseline]
        /// How the search went, and then each baseline; empty where that is not known.
        public var points: [[Curve.Point]]

        public init(seed: UInt64, search: RunResult, baselines: [Baseline], points: [[Curve.Point]]) {
            precondition(!baselines.isEmpty && points.count == baselines.count + 1, "each side has its points")
            self.seed = seed
            self.search = search
            self.baselines = baselines
            self.points = points
        }
    }

    public var formatVersion = 1
    public var name: String
    public var device: String
    public var model: String?
    public var session: String
    /// Starting the workers, making the inputs and the reference, before any search began.
    public var startSeconds: Double
    public var seeds: [UInt64]
    public var baseline: Baseline
    /// Baselines beside the first.
    public var others: [Baseline]?
    public var rows: [Row]
    public var curves: [Curve]
    public var atEvaluations: [Level]
    public var atSeconds: [Level]

    /// Re-times what all searches came to, the best after each round and the baselines' bests, in one go.
    ///
    /// - Parameter runs: the same sides with one seed after another; at least one.
    public init(_ runs: [Run], evaluator: any Evaluator, startSeconds: Double) async throws {
        let runs = runs.map(\.withNamesApart)
        let space = evaluator.spec.configSpace
        var configs: [Config] = []
        var known: Set<Config> = []
        for config in [space.defaultConfig] + runs.flatMap({ $0.configs(of: space) })
        where known.insert(config).inserted { configs.append(config) }
        let retimed = try await evaluator.retime(configs)
        let timed = Dictionary(retimed.map { ($0.config, $0) }) { first, _ in first }
        let result = runs[0].search
        name = result.name
        device = result.device
        model = result.model
        session = result.session
        self.startSeconds = startSeconds
        seeds = runs.map(\.seed)
        baseline = runs[0].baselines[0]
        others = runs[0].baselines.count > 1 ? Array(runs[0].baselines.dropFirst()) : nil
        rows = Row.merged(runs.map { run in (run.seed, run.rows(in: space, timed: timed)) })
        curves = Curve.make(runs, timed: timed)
        atEvaluations = Level.atEvaluations(curves)
        atSeconds = Level.atSeconds(curves)
    }
}

extension Comparison.Run {
    /// Two baselines of one strategy are told apart by a number.
    fileprivate var withNamesApart: Comparison.Run {
        var run = self
        var counts: [String: Int] = [:]
        for index in run.baselines.indices {
            let count = counts[run.baselines[index].name, default: 0] + 1
            counts[run.baselines[index].name] = count
            if count > 1 { run.baselines[index].name += " \(count)" }
        }
        return run
    }
}
