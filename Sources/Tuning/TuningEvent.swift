public import Search

/// What happens in a run, as it happens, for whoever shows it.
public enum TuningEvent: Sendable {
    case roundStarted(round: Int, rounds: Int?)
    case askingModel(name: String)
    /// Something to know before the reply is there, such as that a service's limit is waited for.
    case modelNote(String)
    /// `early` of its configs were evaluated meanwhile.
    case modelReplied(seconds: Double, early: Int, cost: ModelCost, notes: [String])
    case proposed(configs: Int, rejections: [RejectedProposal])
    /// `done` of `total` of this round's configs are evaluated.
    case evaluated(History.Entry, done: Int, total: Int)
    /// `failures` are the round's failed entries.
    case roundFinished(RoundSummary, failures: [History.Entry], rejections: [RejectedProposal])
    case retiming(count: Int)
    /// The language's own autotuner searches, which tells nothing until it ends.
    case searching(name: String, limitSeconds: Double)
    /// Of several searches that are compared, this one begins.
    case side(name: String, seed: UInt64)
    case resumed(evaluations: Int, rounds: Int)
    case warning(String)
}

/// Shows or keeps what happens in a run.
public protocol TuningObserver: Sendable {
    func observe(_ event: TuningEvent)
}
