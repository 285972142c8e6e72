internal import ConfigSpace

/// Every valid config, in the order of the space.
public struct ExhaustiveStrategy: Strategy {
    public init() {}

    public var name: String { "exhaustive" }
    public func waitsForModel(round: Int) -> Bool { false }
    public var stopsWhenStalled: Bool { false }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        var configs: [Config] = []
        for config in history.space.allConfigs() where !history.contains(config) {
            configs.append(config)
            if configs.count == count { break }
        }
        return Proposals(configs: configs)
    }
}
