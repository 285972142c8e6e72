public import ConfigSpace
public import Measurement
public import Search

/// What a run found: `result.json` (its schema is `Docs/result.schema.json`), written with snake_case keys.
public struct RunResult: Sendable, Codable {
    public struct Measured: Sendable, Codable {
        public var config: Config
        public var timeMs: Double
        /// The 95 % confidence interval of the median.
        public var intervalMs: [Double]
        /// What it takes of the device, where the backend knows.
        public var resources: Resources?
    }

    public struct Finalist: Sendable, Codable {
        public var config: Config
        public var outcome: Outcome
        public var timeMs: Double?
        public var intervalMs: [Double]?
        public var reason: String?
        /// It cannot be told from the fastest.
        public var tied: Bool
    }

    public var formatVersion = 1
    public var name: String
    public var device: String
    public var strategy: String
    public var model: String?
    public var seed: UInt64
    public var session: String
    public var stopped: StopReason
    /// What ended the run early, in a sentence.
    public var stoppedReason: String?
    /// Configs evaluated, whatever the outcome; without those a recording does not hold.
    public var evaluations: Int
    /// How often each outcome came.
    public var outcomes: [String: Int]
    public var `default`: Measured?
    public var best: Measured?
    /// The best as it is pasted into a source: a decorator, a `triton.Config`, a header of macros.
    public var snippet: String?
    /// How many times as fast as the default the best is.
    public var speedup: Double?
    /// Re-timed side by side, fastest first, the default among them; empty where the run was interrupted before.
    public var finalists: [Finalist]
    public var rounds: [RoundSummary]
    /// What asking the model cost, all rounds together; nil where none was asked.
    public var modelCost: ModelCost?
    public var wallSeconds: Double
}

/// What one round brought.
public struct RoundSummary: Sendable, Codable, Equatable {
    public var round: Int
    /// Configs and rejected proposals together.
    public var proposed: Int
    public var rejected: Int
    public var failed: Int
    public var measured: Int
    public var notRecorded: Int
    /// The best time so far, after this round.
    public var bestTimeMs: Double?
    /// The share of the device's limit that the best reaches, and which limit that is.
    public var bestShareOfLimit: Double?
    public var limit: String?
    /// The best config so far, after this round.
    public var bestConfig: Config?
    /// The default's time, as it was known then.
    public var defaultTimeMs: Double?
    /// Configs that were evaluated while the model still wrote, of those that it proposed.
    public var early: Int?
    /// What asking the model cost; nil where none was asked.
    public var cost: ModelCost?
    public var seconds: RoundSeconds
}

/// Where a round's time went, in seconds.
public struct RoundSeconds: Sendable, Codable, Equatable {
    /// From the request to the end of the reply.
    public var model: Double = 0
    /// Verifying and timing what the model proposed while it still wrote: what waiting for the end would have cost.
    public var early: Double?
    /// Compiling, summed over configs; it overlaps with timing and runs on all cores.
    public var compile: Double = 0
    public var verify: Double = 0
    public var time: Double = 0
    /// The device had nothing to do, the wait for the model apart.
    public var idle: Double = 0
    public var wall: Double = 0
}
