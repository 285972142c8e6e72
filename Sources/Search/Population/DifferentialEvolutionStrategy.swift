internal import ConfigSpace

/// Differential evolution (Storn and Price 1997) for values that cannot be subtracted: where two members differ, a third one
/// is moved to the value of one of them; where they agree it stays, so that steps shrink as the population draws together.
///
/// The population is the fastest configs so far, which is what its members' selection against their own trials tends to.
public struct DifferentialEvolutionStrategy: Strategy {
    public let seed: UInt64
    /// Trials proposed at a time.
    public let batch: Int
    private static let (population, crossover) = (15, 0.7)
    private static let tries = 30

    public init(seed: UInt64, batch: Int = 1) {
        self.seed = seed
        self.batch = batch
    }

    public var name: String { "de" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { false }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round, known: history.entries.count)
        let missing = Self.population - history.entries.count
        let members = Mixing.population(history, size: Self.population)
        guard missing <= 0, members.count > 2 else {
            return Proposals(
                configs: history.space.sample(
                    min(count, max(missing, 1)), using: &generator, excluding: history.contains))
        }
        var trials: [Config] = []
        while trials.count < min(count, batch) {
            guard let trial = trial(members, history, taken: trials, using: &generator) else { break }
            trials.append(trial)
        }
        return Proposals(configs: trials)
    }

    private func trial<G: RandomNumberGenerator>(
        _ members: [Config], _ history: History, taken: [Config], using generator: inout G
    ) -> Config? {
        for _ in 0..<Self.tries {
            let chosen = members.shuffled(using: &generator)
            let (base, left, right) = (chosen[0], chosen[1], chosen[2])
            let trial = Mixing.cross(base, left, in: history.space, using: &generator) { place, generator in
                left.values[place] != right.values[place]
                    && Double.random(in: 0..<1, using: &generator) < Self.crossover
            }
            if !history.contains(trial), !taken.contains(trial) { return trial }
        }
        // The population has drawn together: one step from one of its members, or anywhere.
        for member in members.shuffled(using: &generator) {
            let open = Walk.openNeighbours(of: member, history, using: &generator)
            if let step = open.first(where: { !taken.contains($0) }) { return step }
        }
        return history.space.sample(1, using: &generator) { history.contains($0) || taken.contains($0) }.first
    }
}
