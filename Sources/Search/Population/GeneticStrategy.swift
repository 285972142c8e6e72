internal import ConfigSpace

/// A genetic algorithm with a steady state (Holland 1975; Whitley's GENITOR 1989): the population is the fastest configs so
/// far; children mix two of them as far as the constraints allow, and most take a step of their own.
public struct GeneticStrategy: Strategy {
    public let seed: UInt64
    /// Children proposed at a time.
    public let batch: Int
    private static let (population, mutation) = (20, 0.7)
    private static let tries = 30

    public init(seed: UInt64, batch: Int = 1) {
        self.seed = seed
        self.batch = batch
    }

    public var name: String { "genetic" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { false }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round, known: history.entries.count)
        let missing = Self.population - history.entries.count
        let parents = Mixing.population(history, size: Self.population)
        guard missing <= 0, parents.count > 1 else {
            return Proposals(
                configs: history.space.sample(
                    min(count, max(missing, 1)), using: &generator, excluding: history.contains))
        }
        var children: [Config] = []
        while children.count < min(count, batch) {
            guard let child = child(parents, history, taken: children, using: &generator) else { break }
            children.append(child)
        }
        return Proposals(configs: children)
    }

    private func child<G: RandomNumberGenerator>(
        _ parents: [Config], _ history: History, taken: [Config], using generator: inout G
    ) -> Config? {
        for _ in 0..<Self.tries {
            // The faster of two, twice (a tournament): parents stand in the order of their times.
            let first = min(
                Int.random(in: parents.indices, using: &generator), Int.random(in: parents.indices, using: &generator))
            let second = Int.random(in: parents.indices, using: &generator)
            var child = Mixing.cross(parents[first], parents[second], in: history.space, using: &generator) {
                Bool.random(using: &$1)
            }
            if Double.random(in: 0..<1, using: &generator) < Self.mutation {
                child = history.space.neighbours(of: child).randomElement(using: &generator) ?? child
            }
            if !history.contains(child), !taken.contains(child) { return child }
        }
        return history.space.sample(1, using: &generator) { history.contains($0) || taken.contains($0) }.first
    }
}
