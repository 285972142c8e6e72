internal import ConfigSpace

/// Greedy local search: the neighbours of the fastest configs, and among them random configs, so that no single valley is
/// all that is looked at.
///
/// The first round is random. A config whose neighbours are all known gives way to the next in the order.
public struct LocalStrategy: Strategy {
    /// The share of each round that is random.
    static let randomShare = 0.3
    /// Of how many configs at once neighbours are looked at: the best, and others that may lie in another valley.
    static let anchors = 5

    public let seed: UInt64

    public init(seed: UInt64) {
        self.seed = seed
    }

    public var name: String { "local" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { false }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round)
        let ranked = history.ranked
        let local = round == 0 ? 0 : count - Int((Double(count) * Self.randomShare).rounded())
        var chosen: Set<Config> = []
        var configs: [Config] = []
        var anchors = ranked[...]
        while configs.count < local, !anchors.isEmpty {
            // Shuffled together, so that none of the anchors has the whole round to itself.
            var open: [Config] = []
            for anchor in anchors.prefix(Self.anchors) {
                open += history.space.neighbours(of: anchor.config).filter { !history.contains($0) }
            }
            anchors = anchors.dropFirst(Self.anchors)
            for config in open.shuffled(using: &generator) where configs.count < local {
                if chosen.insert(config).inserted { configs.append(config) }
            }
        }
        configs += history.space.sample(count - configs.count, using: &generator) { config in
            history.contains(config) || chosen.contains(config)
        }
        return Proposals(configs: configs)
    }
}
