internal import ConfigSpace
internal import Foundation
internal import LanguageModel
internal import Measurement
internal import Search

/// The round loop: propose, evaluate, record, until the rounds, the budget or the ideas run out.
///
/// An actor because the budget's timer and the loop run side by side: what was measured when the timer strikes is kept.
actor TuningLoop {
    let run: TuningRun
    var strategy: any Strategy
    /// The first round whose lack of a gain counts.
    private var stallsFrom: Int
    /// Configs that are being evaluated.
    private var underWay: Set<Config> = []
    let clock = ContinuousClock()
    var journal: Journal
    var pending: JournalEvent.ProposalsEvent?
    private(set) var history: History
    private(set) var summaries: [RoundSummary]

    init(_ run: TuningRun, resuming state: ResumedState, journal: Journal) {
        self.run = run
        strategy = run.strategy
        stallsFrom = run.strategy.stallsFrom
        pending = state.pending
        history = state.history
        summaries = state.summaries
        self.journal = journal
    }

    /// Runs rounds until something ends them, and says what did.
    func runRounds() async throws -> StopReason {
        while true {
            if let reason = reasonToStop() { return reason }
            guard try await runRound(summaries.count) else { return .exhausted }
        }
    }

    private func reasonToStop() -> StopReason? {
        if let rounds = run.options.rounds, summaries.count >= rounds { return .rounds }
        if remainingEvaluations == 0 { return .evaluationBudget }
        if !summaries.isEmpty, isAtLimit { return .limit }
        if strategy.stopsWhenStalled, isStalled { return .stalled }
        if strategy.waitsForModel(round: summaries.count), let spent = spentModelBudget {
            guard goOnWithoutModel(because: spent) else { return .modelBudget }
        }
        if isOutsideRecording {
            run.observer.observe(
                .warning(
                    "\(Self.mostNotRecorded.rounds) rounds in a row held only configs that are not in the recording, of "
                        + "which it has too few for this search: it ends"))
            return .exhausted
        }
        return nil
    }

    /// A random search over a space of which little is recorded would go on for ever: what is not recorded costs nothing.
    ///
    /// Both in a row: one large round of a search through everything says as little as many rounds of one config.
    private static let mostNotRecorded = (rounds: 100, configs: 1_000)

    private var isOutsideRecording: Bool {
        let last = summaries.reversed().prefix { $0.notRecorded > 0 && $0.measured == 0 && $0.failed == 0 }
        return last.count >= Self.mostNotRecorded.rounds
            && last.reduce(0) { $0 + $1.notRecorded } >= Self.mostNotRecorded.configs
    }

    var remainingEvaluations: Int {
        guard let most = run.options.budget.evaluations else { return .max }
        return max(0, most - history.evaluatedCount - underWay.count)
    }

    private var searchRoundSize: Int { run.options.configsPerSearchRound ?? run.options.configsPerRound }

    /// Whether the device lets nothing be faster than the best, as far as its limits were measured.
    private var isAtLimit: Bool {
        guard let least = run.options.limitShare, let share = history.best?.evaluation.resources?.shareOfLimit else {
            return false
        }
        return share >= least && share <= TuningOptions.greatestLimitShare
    }

    /// Says once that a limit cannot be what it was measured to be.
    private func tellOfLowLimit(_ summary: RoundSummary) {
        func isBeyond(_ summary: RoundSummary) -> Bool {
            (summary.bestShareOfLimit ?? 0) > TuningOptions.greatestLimitShare
        }
        guard isBeyond(summary), !summaries.contains(where: isBeyond), let limit = summary.limit else { return }
        run.observer.observe(
            .warning(
                "the best is beyond the \(limit) that was measured on this device: it was busy then. Limits are kept in "
                    + "~/.cache/autotune/limits, a file for each device; without it they are measured again"))
    }

    /// As many rounds in a row as there is patience for, without a gain worth the name.
    private var isStalled: Bool {
        guard summaries.count >= stallsFrom + run.options.patience else { return false }
        let times = summaries.suffix(run.options.patience + 1).compactMap(\.bestTimeMs)
        guard times.count == run.options.patience + 1 else { return false }
        return zip(times, times.dropFirst()).allSatisfy { $1 > $0 * (1 - run.options.smallestGain) }
    }

    /// What the model's cost has reached; nil while there is some left.
    private var spentModelBudget: String? {
        let cost = summaries.compactMap(\.cost).reduce(ModelCost(), +)
        if let most = run.options.budget.dollars, let dollars = cost.dollars, dollars >= most {
            return "asking the model has cost \(Self.money(dollars)), of \(Self.money(most)) that it may"
        }
        if let most = run.options.budget.tokens, cost.tokens >= most {
            return "the model has used \(cost.tokens) tokens, of \(most) that it may"
        }
        return nil
    }

    private static func money(_ dollars: Double) -> String {
        "$" + dollars.formatted(.number.precision(.significantDigits(1...3)).locale(Locale(identifier: "en_US_POSIX")))
    }

    /// Has what the strategy would be without a model go on in its place; false where there is no such thing.
    private func goOnWithoutModel(because reason: String) -> Bool {
        guard let other = strategy.withoutModel else { return false }
        run.observer.observe(.warning("\(reason)\nThe search goes on with \(other.name), without the model."))
        strategy = other
        stallsFrom = summaries.count
        return true
    }

    /// One round; false when the strategy had nothing to propose.
    private func runRound(_ round: Int) async throws -> Bool {
        let start = clock.now
        run.observer.observe(.roundStarted(round: round, rounds: run.options.rounds))
        let proposals: JournalEvent.ProposalsEvent
        do {
            proposals =
                strategy.waitsForModel(round: round)
                ? try await runModelRound(round) : try await runSearchRound(round)
        } catch let error as LanguageModelError where error.kind != .cancelled {
            guard goOnWithoutModel(because: "\(error)") else { throw error }
            proposals = try await runSearchRound(round)
        }
        pending = nil
        guard !(proposals.configs.isEmpty && proposals.model == nil) else { return false }
        try finish(round, proposals, wall: (clock.now - start).inSeconds)
        return true
    }

    private func runSearchRound(_ round: Int) async throws -> JournalEvent.ProposalsEvent {
        // Whoever asks nobody should know the default when it proposes.
        try await evaluateDefault()
        var proposals: JournalEvent.ProposalsEvent
        if let pending, pending.round == round {
            proposals = pending
        } else {
            try begin(round)
            proposals = JournalEvent.ProposalsEvent(
                round: round,
                try await strategy.propose(searchRoundSize, round: round, history: history), modelSeconds: nil)
            proposals.configs.removeAll(where: history.contains)
            try journal.append(.proposals(proposals))
        }
        tell(proposals)
        proposals.configs = try await evaluateInTurns(proposals, round: round)
        return proposals
    }

    /// What a search proposes for a round, some at a time: it may want to know of the first before it proposes the next.
    ///
    /// - Returns: all configs of the round.
    private func evaluateInTurns(
        _ first: JournalEvent.ProposalsEvent, round: Int
    ) async throws -> [Config] {
        // An interrupted run may have evaluated others of this round before these.
        let earlier = history.entries.filter { $0.round == round && $0.origin == .search }.map(\.config)
        var all = earlier.filter { !first.configs.contains($0) } + first.configs
        var next = first.configs
        while !next.isEmpty {
            try await evaluate(
                next, round: round, origin: .search, done: all.count - next.count, total: searchRoundSize)
            let missing = searchRoundSize - all.count
            guard missing > 0, remainingEvaluations > 0 else { break }
            let proposals = try await strategy.propose(missing, round: round, history: history)
            next = proposals.configs.filter { !history.contains($0) }
            all += next
            if !next.isEmpty { try journal.append(.proposals(.init(round: round, proposals, modelSeconds: nil))) }
        }
        return all
    }

    func begin(_ round: Int) throws {
        try journal.append(.roundStarted(.init(round: round)))
        try journal.synchronize()
    }

    func tell(_ proposals: JournalEvent.ProposalsEvent) {
        history.reject(proposals.rejections, round: proposals.round)
        run.observer.observe(.proposed(configs: proposals.configs.count, rejections: proposals.rejections))
    }

    private func finish(_ round: Int, _ proposals: JournalEvent.ProposalsEvent, wall: Double) throws {
        let entries = history.entries.filter {
            $0.round == round && [.model, .search].contains($0.origin)
        }
        // What the language itself refused, though it lies in the space.
        let refused = entries.count { $0.evaluation.outcome == .rejected }
        let all = history.entries.filter { $0.round == round }
        let failures = entries.filter { $0.evaluation.outcome.isFailure }
        var seconds = RoundSeconds(model: proposals.modelSeconds ?? 0, early: proposals.earlySeconds, wall: wall)
        for entry in all {
            seconds.compile += entry.evaluation.seconds.compile
            seconds.verify += entry.evaluation.seconds.verify
            seconds.time += entry.evaluation.seconds.time
        }
        seconds.idle = max(0, wall - seconds.model - (seconds.verify + seconds.time - (seconds.early ?? 0)))
        // With what was measured beside the model's configs.
        let proposed = Set(proposals.configs).union(entries.map(\.config))
        let summary = RoundSummary(
            round: round, proposed: proposed.count + proposals.rejections.count,
            rejected: proposals.rejections.count + refused, failed: failures.count,
            measured: entries.count { $0.timeMs != nil },
            notRecorded: entries.count { $0.evaluation.outcome == .notRecorded }, bestTimeMs: history.best?.timeMs,
            bestShareOfLimit: history.best?.evaluation.resources?.shareOfLimit,
            limit: history.best?.evaluation.resources?.limit, bestConfig: history.best?.config,
            defaultTimeMs: history.defaultEntry?.timeMs, early: proposals.early, cost: proposals.cost, seconds: seconds)
        tellOfLowLimit(summary)
        summaries.append(summary)
        try journal.append(.roundFinished(summary))
        try journal.synchronize()
        run.observer.observe(
            .roundFinished(
                summary, failures: failures, rejections: proposals.rejections))
    }

    // MARK: Evaluating

    func evaluateDefault() async throws {
        if history.defaultEntry == nil {
            try await evaluate([history.space.defaultConfig], round: 0, origin: .defaultConfig)
        }
        try await evaluate(run.seeds, round: 0, origin: .compilerSeed)
    }

    /// Evaluates what is not known yet of `configs`, as far as the budget goes.
    ///
    /// - Parameters:
    ///   - done: how many came before them, for the progress.
    ///   - total: of how many; nil is those of `configs`.
    func evaluate(
        _ configs: [Config], round: Int, origin: Origin, done before: Int = 0, total: Int? = nil
    ) async throws {
        let open = configs.filter(reserve)
        guard !open.isEmpty else { return }
        var done = before + configs.count - open.count
        let total = total ?? configs.count
        try await run.evaluator.evaluate(open) { evaluation in
            done += 1
            try self.keep(evaluation, round: round, origin: origin, done: done, total: total)
        }
    }

    /// Whether a config is to be evaluated; whoever asks first has it.
    func reserve(_ config: Config) -> Bool {
        guard !history.contains(config), remainingEvaluations > 0 else { return false }
        return underWay.insert(config).inserted
    }

    func keep(_ evaluation: Evaluation, round: Int, origin: Origin, done: Int, total: Int) throws {
        underWay.remove(evaluation.config)
        try journal.append(.evaluation(.init(round: round, origin: origin, evaluation: evaluation)))
        history.record(evaluation, round: round, origin: origin)
        if let entry = history.entry(for: evaluation.config) {
            run.observer.observe(.evaluated(entry, done: done, total: total))
        }
    }

    // MARK: Ending

    /// Re-times the finalists side by side, so that the order among near-equals does not rest on single timings.
    ///
    /// - Returns: the finalists as re-timed, fastest first.
    func retimeFinalists() async throws -> [Evaluation] {
        let single = history
        var retimed: [Config: Evaluation] = [:]
        var finalists = Finalists.choose(single, most: run.options.mostFinalists)
        // A finalist that fails, or was only lucky before, can hand the lead to a config that was not re-timed yet.
        for _ in 0..<3 where !finalists.isEmpty {
            let leaders = retimed.values.sorted(by: Finalists.order).prefix(2).map(\.config)
            let together = finalists + leaders
            run.observer.observe(.retiming(count: together.count))
            let evaluations = try await run.evaluator.retime(together)
            try journal.append(.retimed(.init(evaluations: evaluations)))
            for evaluation in evaluations {
                retimed[evaluation.config] = evaluation
                history.learn(fromRetiming: evaluation)
            }
            finalists = Finalists.overlooked(single, retimed: retimed, most: run.options.mostFinalists)
        }
        return retimed.values.sorted(by: Finalists.order)
    }

    func close(_ reason: StopReason, because text: String?) throws {
        try journal.append(.stopped(.init(stopped: reason, reason: text)))
        try journal.synchronize()
    }
}
