public import ConfigSpace

/// What a strategy wants evaluated next.
public struct Proposals: Sendable {
    /// Valid, complete configs that the history does not hold, without repeats.
    public var configs: [Config]
    public var rejections: [RejectedProposal]
    /// The request to the model that led here; nil for strategies that ask nobody.
    public var exchange: Exchange?

    public init(configs: [Config], rejections: [RejectedProposal] = [], exchange: Exchange? = nil) {
        self.configs = configs
        self.rejections = rejections
        self.exchange = exchange
    }

    /// What was asked of a model in a round, and what is known of its reply.
    public struct Exchange: Sendable, Equatable {
        /// Who answered, as the service named it.
        public var model: String
        /// What it cost; all requests of the round together.
        public var cost: ModelCost
        /// What the user should know of this reply (cut off, another prompt than recorded, …).
        public var notes: [String]

        public init(model: String, cost: ModelCost, notes: [String]) {
            self.model = model
            self.cost = cost
            self.notes = notes
        }
    }
}

/// What asking a model cost: tokens as the service counts them, and money where the model's price is known.
public struct ModelCost: Sendable, Codable, Equatable {
    public var inputTokens: Int?
    /// Those of the input that the service had in its cache.
    public var cachedInputTokens: Int?
    public var outputTokens: Int?
    /// Those of the output that the model spent on reasoning.
    public var reasoningTokens: Int?
    /// US dollars.
    public var dollars: Double?

    public init(
        inputTokens: Int? = nil, cachedInputTokens: Int? = nil, outputTokens: Int? = nil, reasoningTokens: Int? = nil,
        dollars: Double? = nil
    ) {
        self.inputTokens = inputTokens
        self.cachedInputTokens = cachedInputTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
        self.dollars = dollars
    }

    /// Input and output together.
    public var tokens: Int { (inputTokens ?? 0) + (outputTokens ?? 0) }

    public var isUnknown: Bool { self == ModelCost() }

    /// Both together; what neither says stays unsaid.
    public static func + (one: ModelCost, other: ModelCost) -> ModelCost {
        func sum<Number: AdditiveArithmetic>(_ count: KeyPath<ModelCost, Number?>) -> Number? {
            guard one[keyPath: count] != nil || other[keyPath: count] != nil else { return nil }
            return (one[keyPath: count] ?? .zero) + (other[keyPath: count] ?? .zero)
        }
        return ModelCost(
            inputTokens: sum(\.inputTokens), cachedInputTokens: sum(\.cachedInputTokens),
            outputTokens: sum(\.outputTokens), reasoningTokens: sum(\.reasoningTokens), dollars: sum(\.dollars))
    }
}

/// What is told of a round's proposals before all of them are known.
public enum ProposalEvent: Sendable, Equatable {
    /// One of the configs, ready to be evaluated: valid, complete, not in the history, no repeat.
    case config(Config)
    /// Something the user should know at once, such as that a service's limit is waited for.
    case note(String)
}

/// A way to choose what to evaluate: ask with `propose`, told through the history.
///
/// A strategy keeps no state of its own that the history and the round do not give back, so a resumed run goes on as
/// the interrupted one would have.
public protocol Strategy: Sendable {
    var name: String { get }

    /// Whether the idle device may be given other work while `propose` waits in this round, as for a model's reply.
    func waitsForModel(round: Int) -> Bool

    /// Configs to measure while this round's request to a model is in flight, and whatever it brings; none for strategies
    /// that ask nobody. Asked again when these are measured, until there are none.
    ///
    /// - Parameter count: what `propose` is asked for.
    func fill(_ count: Int, round: Int, history: History) async throws -> [Config]

    /// What goes on in this strategy's place when no model can be asked any more; nil where the run ends then.
    var withoutModel: (any Strategy)? { get }

    /// Whether some rounds without a gain say that there is little left to find.
    var stopsWhenStalled: Bool { get }

    /// The first round that may be one of those.
    var stallsFrom: Int { get }

    /// At most `count` configs for `round`; none when the strategy has nothing left to try.
    ///
    /// A strategy that learns from each evaluation proposes fewer, and is asked for the rest of its round when they are
    /// measured. In a round of a model it is asked once.
    func propose(_ count: Int, round: Int, history: History) async throws -> Proposals

    /// The same, and tells configs as soon as they are known, for whoever can begin with them while the rest is awaited.
    ///
    /// What is told is among the result's configs; where it can be, it is the first of them in the same order.
    func propose(
        _ count: Int, round: Int, history: History, onEvent: @escaping @Sendable (ProposalEvent) -> Void
    ) async throws -> Proposals
}

extension Strategy {
    public func fill(_ count: Int, round: Int, history: History) async throws -> [Config] { [] }

    public var withoutModel: (any Strategy)? { nil }

    public var stallsFrom: Int { 0 }

    public func propose(
        _ count: Int, round: Int, history: History, onEvent: @escaping @Sendable (ProposalEvent) -> Void
    ) async throws -> Proposals {
        try await propose(count, round: round, history: history)
    }
}

/// The random numbers of a round: the same for the same seed and round on every machine.
///
/// - Parameter known: how many evaluations there are, for a strategy that is asked several times in a round.
public func roundGenerator(seed: UInt64, round: Int, known: Int = 0) -> SplitMix64 {
    var generator = SplitMix64(seed: seed &+ UInt64(truncatingIfNeeded: round) &* 0x9E37_79B9_7F4A_7C15)
    guard known > 0 else { return generator }
    return SplitMix64(seed: generator.next() &+ UInt64(known))
}
