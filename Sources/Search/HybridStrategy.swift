public import ConfigSpace

/// A model's rounds first, then a search that learns from all that was measured for them.
///
/// While a request is in flight the idle device measures some of the search's own configs, of which the next prompt tells: so
/// a model that looks only where it looked before cannot keep the whole run there.
public struct HybridStrategy: Strategy {
    private let model: any Strategy
    private let search: any Strategy
    /// Rounds in which the model is asked.
    private let modelRounds: Int
    /// The search's configs in a model's round, as a share of what the model is asked for.
    private let searchShare: Double

    public static let defaultSearchShare = 0.5

    /// - Parameter modelRounds: from 1.
    public init(
        model: any Strategy, search: any Strategy, modelRounds: Int, searchShare: Double = Self.defaultSearchShare
    ) {
        precondition(modelRounds > 0 && searchShare >= 0, "a hybrid asks the model at least once")
        self.model = model
        self.search = search
        self.modelRounds = modelRounds
        self.searchShare = searchShare
    }

    public var name: String { "hybrid" }
    public var stopsWhenStalled: Bool { false }

    public func waitsForModel(round: Int) -> Bool { round < modelRounds }

    public var withoutModel: (any Strategy)? { search }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        try await propose(count, round: round, history: history, onEvent: { _ in })
    }

    public func propose(
        _ count: Int, round: Int, history: History, onEvent: @escaping @Sendable (ProposalEvent) -> Void
    ) async throws -> Proposals {
        guard waitsForModel(round: round) else {
            // Every second time as if there were no model: what it has found may be a hill beside the mountain.
            let seen = (round - modelRounds).isMultiple(of: 2) ? history.without(.model) : history
            return try await search.propose(count, round: round, history: seen)
        }
        return try await model.propose(count, round: round, history: history, onEvent: onEvent)
    }

    public func fill(_ count: Int, round: Int, history: History) async throws -> [Config] {
        let own = Int((Double(count) * searchShare).rounded())
        guard waitsForModel(round: round), own > 0 else { return [] }
        return try await search.propose(own, round: round, history: history.without(.model)).configs
    }
}
