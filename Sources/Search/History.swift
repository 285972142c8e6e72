public import ConfigSpace
public import Measurement

/// Who asked for a config to be evaluated.
public enum Origin: String, Sendable, Codable {
    case defaultConfig = "default"
    case model
    case randomSeed = "random_seed"
    /// What the kernel's own compiler would begin with.
    case compilerSeed = "compiler_seed"
    case search
}

/// A proposal that could not become a config, and why, in words the proposer can act on.
public struct RejectedProposal: Sendable, Codable, Equatable {
    /// The proposal as it was understood, minified JSON; cut if it is long.
    public var proposal: String
    public var reason: String

    public init(proposal: String, reason: String) {
        self.proposal = proposal
        self.reason = reason
    }
}

/// Everything evaluated so far, in the order it became known: all that a strategy sees.
public struct History: Sendable {
    public struct Entry: Sendable, Equatable {
        /// From 1, in the order of evaluation; what messages call "#3".
        public let number: Int
        public let round: Int
        public let origin: Origin
        public var evaluation: Evaluation

        public var config: Config { evaluation.config }
        public var timeMs: Double? { evaluation.timeMs }
    }

    public let space: ConfigSpace
    public private(set) var entries: [Entry] = []
    /// Rejected proposals, by round.
    public private(set) var rejections: [Int: [RejectedProposal]] = [:]
    private var indices: [Config: Int] = [:]
    /// Of the measured entries, fastest first, earlier first among equals.
    private var order: [Int] = []
    private var notRecordedCount = 0

    public init(space: ConfigSpace) {
        self.space = space
    }

    /// Adds an evaluation, or replaces that of the same config (a re-timing).
    public mutating func record(_ evaluation: Evaluation, round: Int, origin: Origin) {
        if let index = indices[evaluation.config] {
            order.removeAll { $0 == index }
            entries[index].evaluation = evaluation
            rank(index)
        } else {
            let index = entries.count
            indices[evaluation.config] = index
            if evaluation.outcome == .notRecorded { notRecordedCount += 1 }
            // The language's own refusal is told as a proposal's rejection is.
            if evaluation.outcome == .rejected {
                let changes = evaluation.config.changes(from: space.defaultConfig)
                reject([RejectedProposal(proposal: changes.json, reason: evaluation.reason ?? "")], round: round)
            }
            entries.append(Entry(number: index + 1, round: round, origin: origin, evaluation: evaluation))
            rank(index)
        }
    }

    public mutating func reject(_ rejections: [RejectedProposal], round: Int) {
        self.rejections[round, default: []] += rejections
    }

    /// What was known when a round began.
    public func before(round: Int) -> History {
        guard entries.contains(where: { $0.round >= round }) else { return self }
        var history = History(space: space)
        for entry in entries where entry.round < round {
            history.record(entry.evaluation, round: entry.round, origin: entry.origin)
        }
        history.rejections = rejections.filter { $0.key < round }
        return history
    }

    /// The same configs, as if nothing had come of those that `origin` asked for: none of them is proposed again, and nothing
    /// is learnt from them.
    func hiding(_ origin: Origin) -> History {
        var history = History(space: space)
        for entry in entries {
            let hidden = Evaluation(config: entry.config, outcome: .notRecorded)
            history.record(entry.origin == origin ? hidden : entry.evaluation, round: entry.round, origin: entry.origin)
        }
        history.rejections = rejections
        return history
    }

    public func entry(for config: Config) -> Entry? {
        indices[config].map { entries[$0] }
    }

    public func contains(_ config: Config) -> Bool {
        indices[config] != nil
    }

    /// The fastest measured config; the earlier one among equals.
    public var best: Entry? { order.first.map { entries[$0] } }

    /// How many evaluations have brought no gain worth the name: what came before them was as good.
    var evaluationsSinceGain: Int {
        guard let least = best?.timeMs else { return entries.count }
        let first = entries.first { $0.timeMs.map { $0 * (1 - Self.smallestGain) <= least } ?? false }
        return entries.count - (first?.number ?? 0)
    }

    /// Less than this may be noise, and is no progress.
    public static let smallestGain = 0.005

    public var defaultEntry: Entry? { entry(for: space.defaultConfig) }

    /// All measured configs, fastest first, earlier first among equals.
    public var ranked: [Entry] { fastest(order.count) }

    /// The first `count` of `ranked`.
    func fastest(_ count: Int) -> [Entry] { order.prefix(count).map { entries[$0] } }

    /// How many configs were really evaluated: all but those a recording does not hold.
    public var evaluatedCount: Int { entries.count - notRecordedCount }

    public var failures: [Entry] { entries.filter { $0.evaluation.outcome.isFailure } }

    /// Puts an entry that was measured into its place in the order.
    private mutating func rank(_ index: Int) {
        guard entries[index].timeMs != nil else { return }
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if isFaster(order[middle], than: index) { low = middle + 1 } else { high = middle }
        }
        order.insert(index, at: low)
    }

    private func isFaster(_ left: Int, than right: Int) -> Bool {
        (entries[left].timeMs ?? .infinity, left) < (entries[right].timeMs ?? .infinity, right)
    }
}
