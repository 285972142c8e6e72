internal import ConfigSpace

/// Bayesian optimization with two surrogates by turns: a regression forest, which sees jumps and interactions, and a Gaussian
/// process, which sees slopes; each proposes what has the greatest expected improvement on the best.
///
/// Where one is misled by a space, every second proposal is still the other's. When nothing better comes for a while, every
/// third is LFBO's, which looks closely around the best.
public struct BayesianStrategy: Strategy {
    public struct Options: Sendable {
        /// Random configs, with whatever else is known, before a surrogate is asked.
        public var initial = 6
        /// Trees of the forest.
        public var trees = 30
        /// Configs proposed at a time. One alone learns from all before it; more can be compiled side by side.
        public var batch = 1
        /// The share of proposals that lies as far as can be from all that was tried.
        public var explore = 0.05
        public var stopsWhenStalled = false

        public init() {}
    }

    public let seed: UInt64
    public let options: Options
    private let pool = SharedPool()
    /// Evaluations without a gain, before LFBO is asked too: earlier it is in the way.
    private static let patience = 60
    private var classifier: LFBOStrategy { LFBOStrategy(seed: seed) }

    public init(seed: UInt64, options: Options = Options()) {
        self.seed = seed
        self.options = options
    }

    public var name: String { "bayes" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { options.stopsWhenStalled }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round, known: history.entries.count)
        let encoding = history.space.encoding
        let missing = options.initial - history.evaluatedCount
        guard missing <= 0, var known = Observations(history, encoding) else {
            let random = min(count, max(missing, options.batch))
            return Proposals(configs: history.space.sample(random, using: &generator, excluding: history.contains))
        }
        var chosen: [Config] = []
        let pool = pool.of(history.space, encoding)
        for index in 0..<min(count, options.batch) {
            let candidates = pool.candidates(history, encoding, taken: Set(chosen), using: &generator)
            guard !candidates.configs.isEmpty else { break }
            let turn = history.evaluatedCount + index
            if isExploring(turn) {
                chosen.append(farthest(candidates, from: known, using: &generator))
                continue
            }
            if turn % 3 == 2, history.evaluationsSinceBest >= Self.patience,
                let config = classifier.guided(1, history, taken: Set(chosen), using: &generator).first
            {
                chosen.append(config)
                continue
            }
            let predictions = predictions(of: candidates.rows, from: known, turn: turn, using: &generator)
            let best = greatest(predictions, below: known.least)
            chosen.append(candidates.configs[best])
            // Within a batch, what is expected stands for what is not known yet (Ginsbourger, Le Riche and Carraro 2010).
            known.append(candidates.rows[best], predictions[best].mean)
        }
        return Proposals(configs: chosen)
    }

    private func isExploring(_ turn: Int) -> Bool {
        (Double(turn) * options.explore).rounded(.down) < (Double(turn + 1) * options.explore).rounded(.down)
    }

    private func predictions<G: RandomNumberGenerator>(
        of rows: [[UInt8]], from known: Observations, turn: Int, using generator: inout G
    ) -> [Prediction] {
        guard turn.isMultiple(of: 2) else {
            let forest = RegressionForest(known, trees: options.trees, using: &generator)
            return rows.map(forest.predict)
        }
        var ranges = [UInt8](repeating: 0, count: known.featureCount)
        for row in rows + known.rows {
            for feature in ranges.indices { ranges[feature] = max(ranges[feature], row[feature]) }
        }
        return GaussianProcess(known, ranges: ranges).predict(rows)
    }

    private func greatest(_ predictions: [Prediction], below best: Double) -> Int {
        let values = predictions.map { $0.expectedImprovement(below: best) }
        return values.indices.max { values[$0] < values[$1] } ?? 0
    }

    /// Of some random candidates the one that has most in which it differs from the known config nearest to it.
    private func farthest<G: RandomNumberGenerator>(
        _ candidates: CandidatePool.Candidates, from known: Observations, using generator: inout G
    ) -> Config {
        let some = (0..<20).map { _ in Int.random(in: candidates.rows.indices, using: &generator) }
        func distance(_ index: Int) -> Int {
            known.rows.map { row in zip(row, candidates.rows[index]).count { $0 != $1 } }.min() ?? 0
        }
        return candidates.configs[some.max { distance($0) < distance($1) } ?? 0]
    }
}
