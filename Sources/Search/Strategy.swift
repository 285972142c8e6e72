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

    /// One request to a model and what is known of its reply.
    public struct Exchange: Sendable, Equatable {
        /// Who answered, as the service named it.
        public var model: String
        public var inputTokens: Int?
        public var outputTokens: Int?
        /// What the user should know of this reply (cut off, another prompt than recorded, …).
        public var notes: [String]

        public init(model: String, inputTokens: Int?, outputTokens: Int?, notes: [String]) {
            self.model = model
            self.inputTokens = inputTokens
            self.outputTokens = outputTokens
            self.notes = notes
        }
    }
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

    /// Whether some rounds without a gain say that there is little left to find.
    var stopsWhenStalled: Bool { get }

    /// At most `count` configs for `round`; none when the strategy has nothing left to try.
    ///
    /// A strategy that learns from each evaluation proposes fewer, and is asked for the rest of its round when they are
    /// measured. In a round of a model it is asked once.
    func propose(_ count: Int, round: Int, history: History) async throws -> Proposals
}

extension Strategy {
    public func fill(_ count: Int, round: Int, history: History) async throws -> [Config] { [] }
}

/// The random numbers of a round: the same for the same seed and round on every machine.
///
/// - Parameter known: how many evaluations there are, for a strategy that is asked several times in a round.
public func roundGenerator(seed: UInt64, round: Int, known: Int = 0) -> SplitMix64 {
    var generator = SplitMix64(seed: seed &+ UInt64(truncatingIfNeeded: round) &* 0x9E37_79B9_7F4A_7C15)
    guard known > 0 else { return generator }
    return SplitMix64(seed: generator.next() &+ UInt64(known))
}
