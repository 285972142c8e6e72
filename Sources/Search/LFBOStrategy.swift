internal import ConfigSpace

/// Likelihood-free Bayesian optimization (Song, Yu, Neiswanger and Ermon 2022): a classifier learns which configs are good,
/// each weighted by how good, and its probability is the acquisition function (for these weights, expected improvement).
///
/// The classifier is a random forest; candidates are the neighbourhoods of the fastest configs and random ones. Failures
/// teach it as bad ones do.
public struct LFBOStrategy: Strategy {
    public struct Options: Sendable {
        /// Random configs before the forest is asked.
        public var initial = 15
        /// The fastest configs whose neighbourhoods are searched.
        public var paths = 5
        public var trees = 100
        /// The share of the measured configs that counts as good.
        public var goodShare = 0.15
        /// How much of its value a candidate loses when the forest cannot tell it from one that is already chosen.
        public var diversityPenalty = 0.5
        /// The share of a round that is random, where nobody has looked.
        public var randomShare = 0.1
        public var stopsWhenStalled = false

        public init() {}
    }

    public let seed: UInt64
    public let options: Options

    public init(seed: UInt64, options: Options = Options()) {
        self.seed = seed
        self.options = options
    }

    public var name: String { "lfbo" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { options.stopsWhenStalled }

    private static let randomCandidates = 200
    /// Candidates two steps from each of the fastest.
    private static let secondNeighbours = 60

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round, known: history.entries.count)
        let known = history.evaluatedCount
        let random = min(count, max(options.initial - known, 0))
        var configs = history.space.sample(random, using: &generator, excluding: history.contains)
        guard configs.count < count else { return Proposals(configs: configs) }
        let explored = Int((Double(count - random) * options.randomShare).rounded())
        configs += guided(count - configs.count - explored, history, taken: Set(configs), using: &generator)
        let taken = Set(configs)
        configs += history.space.sample(count - configs.count, using: &generator) { config in
            history.contains(config) || taken.contains(config)
        }
        return Proposals(configs: configs)
    }

    /// The best of the candidates, by the forest.
    private func guided(
        _ count: Int, _ history: History, taken: Set<Config>, using generator: inout SplitMix64
    ) -> [Config] {
        let encoding = history.space.encoding
        guard count > 0, let set = TrainingSet(history, encoding, goodShare: options.goodShare) else { return [] }
        let forest = RandomForest(set, options: .init(trees: options.trees), using: &generator)
        var scored = candidates(history, taken: taken, using: &generator).map { config in
            (config: config, answer: forest.answer(encoding.bins(of: config)), nearest: 0.0)
        }
        var chosen: [Config] = []
        while chosen.count < count, !scored.isEmpty {
            var best = 0
            var greatest = -1.0
            for (index, candidate) in scored.enumerated() {
                let value = candidate.answer.probability * (1 - options.diversityPenalty * candidate.nearest)
                if value > greatest { (best, greatest) = (index, value) }
            }
            let next = scored.remove(at: best)
            chosen.append(next.config)
            for index in scored.indices {
                scored[index].nearest = max(scored[index].nearest, next.answer.proximity(to: scored[index].answer))
            }
        }
        return chosen
    }

    private func candidates(
        _ history: History, taken: Set<Config>, using generator: inout SplitMix64
    ) -> [Config] {
        let space = history.space
        var seen = taken
        var candidates: [Config] = []
        func add(_ config: Config) {
            if !history.contains(config), seen.insert(config).inserted { candidates.append(config) }
        }
        for anchor in history.fastest(options.paths) {
            let neighbours = space.neighbours(of: anchor.config)
            neighbours.forEach(add)
            for _ in 0..<Self.secondNeighbours {
                guard let step = neighbours.randomElement(using: &generator) else { break }
                if let second = space.randomNeighbour(of: step, using: &generator) { add(second) }
            }
        }
        space.sample(Self.randomCandidates, using: &generator, excluding: history.contains).forEach(add)
        return candidates
    }
}
