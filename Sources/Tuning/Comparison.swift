public import ConfigSpace
internal import Foundation
internal import KernelSpec
public import Measurement

/// A search beside others: the best config after each of its rounds, all re-timed side by side with the baseline's.
///
/// Written as `compare.json` with snake_case keys.
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

    public struct Row: Sendable, Codable {
        /// "default", "L1", "L2", …, or the baseline's name.
        public var name: String
        public var config: Config
        public var outcome: Outcome
        /// Side by side with all others.
        public var timeMs: Double?
        public var intervalMs: [Double]?
        /// How many times as fast as the baseline's best.
        public var speed: Double?
        /// From the beginning of the search until this was the best, without waiting for the model.
        public var seconds: Double?
        /// Of the baseline's seconds.
        public var shareOfSeconds: Double?
        /// Configs evaluated until then, and those of them that failed or were rejected.
        public var evaluations: Int?
        public var failed: Int?
    }

    public var formatVersion = 1
    public var name: String
    public var device: String
    public var model: String?
    public var session: String
    /// Starting the workers, making the inputs and the reference, before either search began.
    public var startSeconds: Double
    public var baseline: Baseline
    public var rows: [Row]

    /// Re-times what `result` came to, round by round, beside the baseline's best.
    public init(
        _ result: RunResult, baseline: Baseline, evaluator: any Evaluator, startSeconds: Double
    ) async throws {
        let space = evaluator.spec.configSpace
        let best = result.rounds.map { round in
            round.bestConfig.flatMap { try? space.config(from: $0.object).get() }
        }
        var configs: [Config] = []
        for config in [space.defaultConfig, baseline.config] + best.compactMap({ $0 }) where !configs.contains(config) {
            configs.append(config)
        }
        let retimed = try await evaluator.retime(configs)
        let timed = Dictionary(retimed.map { ($0.config, $0) }) { first, _ in first }
        let baselineMs = timed[baseline.config]?.timeMs
        func row(_ name: String, _ config: Config) -> Row {
            let evaluation = timed[config]
            let timing = evaluation?.outcome == .measured ? evaluation?.timing : nil
            return Row(
                name: name, config: config, outcome: evaluation?.outcome ?? .notRecorded, timeMs: timing?.medianMs,
                intervalMs: timing.map { [$0.lowMs, $0.highMs] },
                speed: baselineMs.flatMap { reference in timing.map { reference / $0.medianMs } })
        }
        var rows = [row("default", space.defaultConfig)]
        var seconds = 0.0
        var (evaluations, failed) = (0, 0)
        var found: [Config] = []
        for (round, config) in zip(result.rounds, best) {
            seconds += round.seconds.wall - round.seconds.model
            evaluations += round.failed + round.measured
            failed += round.failed + round.rejected
            if let config { found.append(config) }
            // By single times near-equals change places; whoever stops here has them re-timed, as all are now.
            let fastest = found.min { (timed[$0]?.timeMs ?? .infinity) < (timed[$1]?.timeMs ?? .infinity) }
            guard let fastest else { continue }
            var row = row("L\(round.round + 1)", fastest)
            (row.seconds, row.evaluations, row.failed) = (seconds, evaluations, failed)
            row.shareOfSeconds = baseline.seconds > 0 ? seconds / baseline.seconds : nil
            rows.append(row)
        }
        var last = row(baseline.name, baseline.config)
        (last.seconds, last.evaluations) = (baseline.seconds, baseline.evaluations)
        last.shareOfSeconds = 1
        rows.append(last)
        self.name = result.name
        self.device = result.device
        self.model = result.model
        self.session = result.session
        self.startSeconds = startSeconds
        self.baseline = baseline
        self.rows = rows
    }
}

extension Comparison.Baseline {
    /// What an earlier session, or a file of the same form, came to.
    ///
    /// - Parameter path: a session's folder, or a result.json.
    /// - Throws: a `SessionError` where there is no result with a best config of this space.
    public init(path: String, space: ConfigSpace) throws {
        let isFile = path.hasSuffix(".json")
        let file = isFile ? path : Session(path: path).resultPath
        let result = try EarlierResult(file: file)
        guard let best = result.best, let config = try? space.config(from: best.config.object).get() else {
            throw SessionError.noBaseline(file)
        }
        self.init(
            name: result.strategy, config: config, seconds: result.searchSeconds, evaluations: result.evaluations)
    }
}

/// As much of a result.json as a comparison needs.
private struct EarlierResult: Decodable {
    struct Best: Decodable {
        var config: Config
    }

    struct Round: Decodable {
        var seconds: RoundSeconds
    }

    var strategy: String
    var best: Best?
    var wallSeconds: Double
    var rounds: [Round]?
    var evaluations: Int?

    /// As the seconds of a search are counted here, where the file tells its rounds.
    var searchSeconds: Double {
        guard let rounds, !rounds.isEmpty else { return wallSeconds }
        return rounds.reduce(0) { $0 + $1.seconds.wall - $1.seconds.model }
    }

    init(file: String) throws {
        do {
            self = try JSONFiles.decoder.decode(EarlierResult.self, from: Data(contentsOf: URL(filePath: file)))
        } catch {
            throw SessionError.noBaseline(file)
        }
    }
}
