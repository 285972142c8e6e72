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
        /// Configs proposed at a time, at least; from 200 results on two, from 400 on three. One alone learns from all before
        /// it; more can be compiled side by side.
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
    private let knownRows = KnownRows()
    private let fits = HyperparameterFits()

    public init(seed: UInt64, options: Options = Options()) {
        self.seed = seed
        self.options = options
    }

    public var name: String { "bayes" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { options.stopsWhenStalled }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round, known: history.entries.count)
        let missing = options.initial - history.evaluatedCount
        guard missing <= 0, history.best != nil,
            case let pool = pool.value({ CandidatePool(history.space, seed: seed) }),
            case let rows = knownRows.rows(of: history, pool), let known = Observations(history, rows.rows)
        else {
            let random = min(count, max(missing, options.batch))
            return Proposals(configs: history.space.sample(random, using: &generator, excluding: history.contains))
        }
        var batch = BayesianBatch(
            options: options, history: history, pool: pool, rows: rows, known: known, fits: fits, generator: generator)
        let most = max(options.batch, BayesianBatch.turnLength(known: history.evaluatedCount))
        for _ in 0..<min(count, most) where !batch.addNext() { break }
        return Proposals(configs: batch.chosen)
    }
}
