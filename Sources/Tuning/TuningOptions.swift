public import Search

/// How far a run goes and what it is allowed to cost. The defaults of every run stand here.
public struct TuningOptions: Sendable {
    public static let defaultRounds = 3
    public static let defaultConfigsPerRound = 15
    /// An exhaustive search has no rounds to learn from: large ones keep its reports readable.
    public static let exhaustiveConfigsPerRound = 10_000

    /// Nil: until the strategy has nothing left or a budget ends the run.
    public var rounds: Int?
    /// Of a round in which a model is asked, and of others where nothing else is said.
    public var configsPerRound: Int
    /// Of a round in which no model is asked; nil: as many.
    public var configsPerSearchRound: Int?
    /// Random configs evaluated while the first request to the model is in flight.
    public var randomSeeds: Int
    /// Evaluate a model's configs while it still writes.
    public var early = true
    public var seed: UInt64
    public var budget: Budget
    /// A round that makes the best faster by less than this share brought nothing; so many in a row as `patience` says end
    /// the run of a strategy that stops when stalled.
    public var smallestGain: Double
    public var patience: Int
    public static let defaultPatience = 2
    /// The share of the device's limit at which nothing is left to gain, so that the run ends; nil never ends it for that.
    public var limitShare: Double?
    public static let defaultLimitShare = 0.98
    /// A time that beats a measured limit by more tells that the limit was measured low, and ends nothing.
    public static let greatestLimitShare = 1.05
    /// How many configs at most are re-timed side by side at the end.
    public var mostFinalists: Int

    public init(
        rounds: Int? = Self.defaultRounds, configsPerRound: Int = Self.defaultConfigsPerRound, randomSeeds: Int = 0,
        seed: UInt64 = 0, budget: Budget = Budget(), smallestGain: Double = History.smallestGain,
        patience: Int = Self.defaultPatience,
        limitShare: Double? = Self.defaultLimitShare, mostFinalists: Int = 5
    ) {
        self.rounds = rounds
        self.configsPerRound = configsPerRound
        self.randomSeeds = randomSeeds
        self.seed = seed
        self.budget = budget
        self.smallestGain = smallestGain
        self.patience = patience
        self.limitShare = limitShare
        self.mostFinalists = mostFinalists
    }
}

/// What a run may cost; nil is no limit.
public struct Budget: Sendable, Equatable {
    public var seconds: Double?
    public var evaluations: Int?
    /// Of the model, in US dollars and in tokens of input and output together. What is asked for before either is reached
    /// is still paid.
    public var dollars: Double?
    public var tokens: Int?

    public init(seconds: Double? = nil, evaluations: Int? = nil, dollars: Double? = nil, tokens: Int? = nil) {
        self.seconds = seconds
        self.evaluations = evaluations
        self.dollars = dollars
        self.tokens = tokens
    }
}

/// Why a run ended.
public enum StopReason: String, Sendable, Codable {
    /// All rounds were run.
    case rounds
    /// Rounds in a row brought no gain.
    case stalled
    /// The best reached the device's measured limit.
    case limit
    /// The strategy had nothing left to propose.
    case exhausted
    case timeBudget = "time_budget"
    case evaluationBudget = "evaluation_budget"
    /// The model has cost as much as it may.
    case modelBudget = "model_budget"
    case interrupted
    /// The model could not be reached or did not answer; the run ended with what it had.
    case modelUnavailable = "model_unavailable"
    /// The device or the file system failed; what was measured before stands.
    case failed
}
