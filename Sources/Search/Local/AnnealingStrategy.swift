internal import ConfigSpace
internal import Foundation

/// Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) on relative times: a neighbour that is slower by a share d is
/// gone to with probability exp(-d / T), and T falls with every evaluation.
public struct AnnealingStrategy: Strategy {
    public let seed: UInt64
    /// Configs proposed at a time.
    public let batch: Int
    private static let initial = 5
    /// The temperature at first and in the end, and what it is multiplied by after each evaluation.
    private static let (hottest, coldest, cooling) = (0.5, 0.005, 0.97)
    /// Where no neighbour is open.
    private static let jumpSteps = 2

    public init(seed: UInt64, batch: Int = 1) {
        self.seed = seed
        self.batch = batch
    }

    public var name: String { "annealing" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { false }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round, known: history.entries.count)
        let missing = Self.initial - history.entries.count
        guard missing <= 0, let current = state(history) else {
            return Proposals(
                configs: history.space.sample(
                    min(count, max(missing, 1)), using: &generator, excluding: history.contains))
        }
        let open = Walk.openNeighbours(of: current, history, using: &generator)
        if !open.isEmpty { return Proposals(configs: Array(open.prefix(min(count, batch)))) }
        let away = Walk.jump(from: current, steps: Self.jumpSteps, history, using: &generator)
        return Proposals(
            configs: away.map { [$0] } ?? history.space.sample(1, using: &generator, excluding: history.contains))
    }

    /// Where the walk stands: each entry was accepted or not by a random number of its own.
    private func state(_ history: History) -> Config? {
        let first = history.entries.prefix(Self.initial).min { Walk.time($0) < Walk.time($1) }
        guard var current = first else { return nil }
        var temperature = Self.hottest
        for entry in history.entries.dropFirst(Self.initial) {
            var generator = roundGenerator(seed: seed, round: -1, known: entry.number)
            let loss = Walk.time(entry) / Walk.time(current) - 1
            if Walk.time(current).isInfinite || Double.random(in: 0..<1, using: &generator) < exp(-loss / temperature) {
                current = entry
            }
            temperature = max(Self.coldest, temperature * Self.cooling)
        }
        return current.config
    }
}
