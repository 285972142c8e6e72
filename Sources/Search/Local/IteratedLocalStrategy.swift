internal import ConfigSpace

/// Greedy iterated local search (Lourenço, Martin and Stützle 2003): neighbours of the config at hand until one is faster,
/// which is then at hand; where none is left, some random steps away from the best.
public struct IteratedLocalStrategy: Strategy {
    public let seed: UInt64
    /// Configs proposed at a time.
    public let batch: Int
    /// Random configs of which the fastest is the first at hand.
    private static let initial = 5
    private static let jumpSteps = 3

    public init(seed: UInt64, batch: Int = 1) {
        self.seed = seed
        self.batch = batch
    }

    public var name: String { "ils" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { false }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round, known: history.entries.count)
        let missing = Self.initial - history.entries.count
        guard missing <= 0, let current = atHand(history), let best = history.best else {
            return Proposals(
                configs: history.space.sample(
                    min(count, max(missing, 1)), using: &generator, excluding: history.contains))
        }
        let open = Walk.openNeighbours(of: current, history, using: &generator)
        if !open.isEmpty { return Proposals(configs: Array(open.prefix(min(count, batch)))) }
        let away = Walk.jump(from: best.config, steps: Self.jumpSteps, history, using: &generator)
        return Proposals(
            configs: away.map { [$0] } ?? history.space.sample(1, using: &generator, excluding: history.contains))
    }

    /// Where the search stands: a faster neighbour takes over, and so does what lies too far to be a neighbour.
    private func atHand(_ history: History) -> Config? {
        let first = history.entries.prefix(Self.initial).min { Walk.time($0) < Walk.time($1) }
        guard var current = first else { return nil }
        for entry in history.entries.dropFirst(Self.initial)
        where Walk.time(entry) < Walk.time(current) || Walk.distance(entry.config, current.config) > 1 {
            current = entry
        }
        return current.config
    }
}
