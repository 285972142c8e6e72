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
        /// The share of proposals that is one step from one of the two fastest, whatever a surrogate expects elsewhere (the
        /// poll of Booker et al., A rigorous framework for optimization of expensive functions by surrogates, 1999).
        public var poll = 0.0
        public var stopsWhenStalled = false

        public init() {}
    }

    public let seed: UInt64
    public let options: Options
    private let pool = MadeOnce<CandidatePool>()
    private let fits = HyperparameterFits()
    /// Evaluations without a gain, before LFBO is asked too: earlier it is in the way.
    private static let patience = 60
    private static let polledAnchors = 2
    private var classifier: LFBOStrategy {
        var options = LFBOStrategy.Options()
        options.trees = self.options.trees
        return LFBOStrategy(seed: seed, options: options)
    }

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
        let pool = pool.value { CandidatePool(history.space, encoding) }
        for index in 0..<min(count, options.batch) {
            let turn = history.evaluatedCount + index
            guard let config = next(turn, pool, history, encoding, &known, taken: Set(chosen), using: &generator)
            else { break }
            chosen.append(config)
        }
        return Proposals(configs: chosen)
    }

    /// Nil where nothing is left.
    private func next(
        _ turn: Int, _ pool: CandidatePool, _ history: History, _ encoding: ConfigEncoding, _ known: inout Observations,
        taken: Set<Config>, using generator: inout SplitMix64
    ) -> Config? {
        let isExploring = isTurn(turn, of: options.explore)
        // Two turns off, so that the usual shares of both do not meet.
        if !isExploring, isTurn(turn + 2, of: options.poll),
            let near = adjacent(history, encoding, taken: taken)
        {
            return mostImproving(near, &known, encoding, turn: turn, using: &generator)
        }
        if !isExploring, turn % 3 == 2, history.evaluationsSinceGain >= Self.patience,
            let config = classifier.guided(1, history, taken: taken, using: &generator).first
        {
            return config
        }
        let candidates = pool.candidates(history, encoding, taken: taken, using: &generator)
        if candidates.isEmpty { return nil }
        return isExploring
            ? farthest(candidates, from: known, using: &generator)
            : mostImproving(candidates, &known, encoding, turn: turn, using: &generator)
    }

    /// The configs adjacent to the first of the fastest that has any left.
    private func adjacent(
        _ history: History, _ encoding: ConfigEncoding, taken: Set<Config>
    ) -> CandidatePool.Candidates? {
        for anchor in history.fastest(Self.polledAnchors) {
            let near = history.space.adjacent(to: anchor.config).filter { !history.contains($0) && !taken.contains($0) }
            if !near.isEmpty { return CandidatePool.Candidates(near, encoding) }
        }
        return nil
    }

    /// What the surrogate whose turn it is expects to improve most on the best.
    ///
    /// Within a batch, what is expected stands for what is not known yet (Ginsbourger, Le Riche and Carraro 2010).
    private func mostImproving<G: RandomNumberGenerator>(
        _ candidates: CandidatePool.Candidates, _ known: inout Observations, _ encoding: ConfigEncoding, turn: Int,
        using generator: inout G
    ) -> Config {
        let predictions = predictions(of: candidates.rows, from: known, encoding, turn: turn, using: &generator)
        let least = known.least
        let values = predictions.map { $0.expectedImprovement(below: least) }
        let best = values.indices.max { values[$0] < values[$1] } ?? 0
        known.believe(predictions[best].mean, of: Array(candidates.rows.row(best)))
        return candidates[best]
    }

    /// Whether a turn is one of those that make up a share of all.
    private func isTurn(_ turn: Int, of share: Double) -> Bool {
        (Double(turn) * share).rounded(.down) < (Double(turn + 1) * share).rounded(.down)
    }

    private func predictions<G: RandomNumberGenerator>(
        of rows: BinMatrix, from known: Observations, _ encoding: ConfigEncoding, turn: Int, using generator: inout G
    ) -> [Prediction] {
        guard turn.isMultiple(of: 2) else {
            return RegressionForest(known, trees: options.trees, using: &generator).predict(rows)
        }
        let units = encoding.greatestBins.map { 1 / Double(max($0, 1)) }
        return GaussianProcess(known, units: units, fitted: fits.fit(known, units: units)).predict(rows)
    }

    /// Of some random candidates the one that has most in which it differs from the known config nearest to it.
    private func farthest<G: RandomNumberGenerator>(
        _ candidates: CandidatePool.Candidates, from known: Observations, using generator: inout G
    ) -> Config {
        let some = (0..<20).map { _ in Int.random(in: 0..<candidates.rows.count, using: &generator) }
        func distance(_ index: Int) -> Int {
            let row = candidates.rows.row(index)
            return (0..<known.count).map { place in zip(row, known.rows.row(place)).count { $0 != $1 } }.min() ?? 0
        }
        return candidates[some.max { distance($0) < distance($1) } ?? 0]
    }
}
