public import ConfigSpace

/// A model's rounds with a search beside them, then the search alone; both learn from all that was measured.
///
/// While a request to the model is in flight the idle device measures what the search proposes, and the next prompt tells of
/// it: so a model that looks only where it looked before cannot keep the whole run there. How much is the search's goes by
/// what the model's last round brought.
public struct HybridStrategy: Strategy {
    /// The search's evaluations in a round of the model, for each config that the model is asked for.
    public struct Shares: Sendable {
        /// Before the first reply: little is known, so these are random.
        public var first = 1.0 / 3
        /// While the model's last round has the best so far.
        public var leading = 2.0
        /// While the best is older, or the search's own.
        public var trailing = 4.0

        public init() {}
    }

    private let model: any Strategy
    private let search: any Strategy
    /// Rounds in which the model is asked.
    private let modelRounds: Int
    /// Nil leaves the device idle while the model is asked.
    private let shares: Shares?

    /// - Parameter modelRounds: from 1.
    public init(model: any Strategy, search: any Strategy, modelRounds: Int, shares: Shares? = Shares()) {
        precondition(modelRounds > 0, "a hybrid asks the model at least once")
        self.model = model
        self.search = search
        self.modelRounds = modelRounds
        self.shares = shares
    }

    public var name: String { "hybrid" }
    public var stopsWhenStalled: Bool { search.stopsWhenStalled }
    /// The search alone, behind the model's rounds, says when there is little left to find.
    public var stallsFrom: Int { modelRounds }

    public func waitsForModel(round: Int) -> Bool { round < modelRounds }

    public var withoutModel: (any Strategy)? { search }

    public func propose(_ count: Int, round: Int, history: History) async throws -> Proposals {
        try await propose(count, round: round, history: history, onEvent: { _ in })
    }

    public func propose(
        _ count: Int, round: Int, history: History, onEvent: @escaping @Sendable (ProposalEvent) -> Void
    ) async throws -> Proposals {
        guard waitsForModel(round: round) else {
            return try await search.propose(count, round: round, history: seenBySearch(history), onEvent: onEvent)
        }
        return try await model.propose(count, round: round, history: history, onEvent: onEvent)
    }

    /// Where nothing better has come for a while, in about every other of the search's turns a history without the model's
    /// results: a model that knows one good corner draws what learns from it there, and the best may lie elsewhere.
    private func seenBySearch(_ history: History) -> History {
        guard history.evaluationsSinceGain >= Self.patience else { return history }
        let turn = history.entries.count { $0.origin == .search }
        var generator = SplitMix64(seed: UInt64(turn))
        return generator.next().isMultiple(of: 2) ? history.hiding(.model) : history
    }

    /// Evaluations without a gain.
    private static let patience = 40

    public func fill(_ count: Int, round: Int, history: History) async throws -> [Config] {
        guard waitsForModel(round: round), let shares else { return [] }
        let share =
            round == 0 ? shares.first : modelLeads(before: round, history) ? shares.leading : shares.trailing
        let done = history.entries.count { $0.round == round && $0.origin == .search }
        let missing = Int((Double(count) * share).rounded()) - done
        guard missing > 0 else { return [] }
        return try await search.propose(missing, round: round, history: seenBySearch(history)).configs
    }

    /// Whether the best of all earlier rounds is of the model's last one.
    private func modelLeads(before round: Int, _ history: History) -> Bool {
        let best = history.ranked.first { $0.round < round }
        return best.map { $0.origin == .model && $0.round == round - 1 } ?? false
    }
}
