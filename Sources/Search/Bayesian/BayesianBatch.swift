internal import ConfigSpace

/// The configs that are proposed at a time, one after another.
struct BayesianBatch {
    let options: BayesianStrategy.Options
    let history: History
    let pool: CandidatePool
    /// Of the history's entries.
    let rows: KnownRows.Rows
    /// With what is expected of the configs chosen so far.
    var known: Observations
    let fits: HyperparameterFits
    var generator: SplitMix64
    private(set) var chosen: [Config] = []
    /// What the rest of the turn proposes, the next one last.
    private var following: [Config] = []

    init(
        options: BayesianStrategy.Options, history: History, pool: CandidatePool, rows: KnownRows.Rows,
        known: Observations, fits: HyperparameterFits, generator: SplitMix64
    ) {
        (self.options, self.history, self.pool, self.rows) = (options, history, pool, rows)
        (self.known, self.fits, self.generator) = (known, fits, generator)
    }

    /// Evaluations without a gain, before a classifier is asked too: earlier it is in the way.
    private static let patience = 60
    private static let polledAnchors = 2
    /// The share of the measured configs that is good to the classifier.
    private static let goodShare = LFBOStrategy.Options().goodShare

    /// Proposals in a row that are one surrogate's: the more is known, the less it learns from one result more.
    static func turnLength(known: Int) -> Int { min(1 + known / 200, 3) }

    /// Chooses one more; false where nothing is left.
    mutating func addNext() -> Bool {
        let number = history.evaluatedCount + chosen.count
        let isExploring = isOne(number, of: options.explore)
        // Two off, so that the usual shares of both do not meet.
        if !isExploring, isOne(number + 2, of: options.poll), let near = adjacent() {
            chosen += mostImproving(near, turn: number, most: 1).map { near[$0.row] }
            return true
        }
        while !isExploring, let next = following.popLast() {
            // It may have been one step from one of the fastest too.
            guard !chosen.contains(next) else { continue }
            chosen.append(next)
            return true
        }
        let candidates = pool.candidates(history, at: rows.places, taken: chosen, using: &generator)
        guard !candidates.isEmpty else { return false }
        if isExploring {
            chosen.append(farthest(candidates))
            return true
        }
        let length = Self.turnLength(known: history.evaluatedCount)
        // Without the polled ones, among which the turns would fall to always the same surrogate.
        let turn = length == 1 ? number : (number - count(before: number + 2, of: options.poll)) / length
        if turn % 3 == 2, history.evaluationsSinceGain >= Self.patience, let good = mostlyGood(candidates, most: length)
        {
            choose(good, of: candidates)
        } else {
            choose(mostImproving(candidates, turn: turn, most: length), of: candidates)
        }
        return true
    }

    /// Takes the first, and keeps the others for the rest of the turn.
    private mutating func choose(_ best: [Expectation], of candidates: CandidatePool.Candidates) {
        chosen += best.prefix(1).map { candidates[$0.row] }
        following = best.dropFirst().reversed().map { candidates[$0.row] }
    }

    /// Whether a proposal is one of those that make up a share of all.
    private func isOne(_ number: Int, of share: Double) -> Bool {
        count(before: number, of: share) < count(before: number + 1, of: share)
    }

    private func count(before number: Int, of share: Double) -> Int { Int((Double(number) * share).rounded(.down)) }

    /// The configs adjacent to the first of the fastest that has any left.
    private func adjacent() -> CandidatePool.Candidates? {
        for anchor in history.fastest(Self.polledAnchors) {
            let near = history.space.adjacent(to: anchor.config).filter {
                !history.contains($0) && !chosen.contains($0)
            }
            if !near.isEmpty { return pool.candidates(near) }
        }
        return nil
    }

    /// What a classifier takes for good most surely, as LFBO would; nil where too little was measured.
    private mutating func mostlyGood(_ candidates: CandidatePool.Candidates, most: Int) -> [Expectation]? {
        guard let set = TrainingSet(history, rows.rows, goodShare: Self.goodShare) else { return nil }
        let forest = RandomForest(set, options: .init(trees: options.trees), using: &generator)
        let probabilities = forest.probabilities(of: candidates.rows)
        return probabilities.enumerated().map { Expectation(row: $0, mean: nil, value: $1) }.greatest(most)
    }

    /// What the surrogate whose turn it is expects to improve most on the best.
    ///
    /// Within a batch, what is expected stands for what is not known yet (Ginsbourger, Le Riche and Carraro 2010).
    private mutating func mostImproving(
        _ candidates: CandidatePool.Candidates, turn: Int, most: Int
    ) -> [Expectation] {
        let least = known.least
        let best: [Expectation]
        if turn.isMultiple(of: 2) {
            let process = GaussianProcess(known, units: pool.units, fitted: fits.fit(known, units: pool.units))
            best = process.mostImproving(candidates.rows, below: least, most: most)
        } else {
            let forest = RegressionForest(known, trees: options.trees, using: &generator)
            best = forest.mostImproving(candidates.rows, below: least, most: most)
        }
        for expectation in best {
            if let mean = expectation.mean { known.believe(mean, of: candidates.rows.row(expectation.row)) }
        }
        return best
    }

    /// Of some random candidates the one that has most in which it differs from the known config nearest to it.
    private mutating func farthest(_ candidates: CandidatePool.Candidates) -> Config {
        let some = (0..<20).map { _ in Int.random(in: 0..<candidates.rows.count, using: &generator) }
        func distance(_ index: Int) -> Int {
            let row = candidates.rows.row(index)
            return (0..<known.count).map { place in zip(row, known.rows.row(place)).count { $0 != $1 } }.min() ?? 0
        }
        return candidates[some.max { distance($0) < distance($1) } ?? 0]
    }
}
