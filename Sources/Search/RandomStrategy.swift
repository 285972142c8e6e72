internal import ConfigSpace

/// Uniformly random valid configs, without repeats.
public struct RandomStrategy: Strategy {
    public let seed: UInt64

    public init(seed: UInt64) {
        self.seed = seed
    }

    public var name: String { "random" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { false }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var generator = roundGenerator(seed: seed, round: round)
        return Proposals(configs: history.space.sample(count, using: &generator, excluding: history.contains))
    }
}
