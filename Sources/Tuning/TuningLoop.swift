internal import ConfigSpace
internal import Measurement
internal import Search
internal import Synchronization

/// The round loop: propose, evaluate, record, until the rounds, the budget or the ideas run out.
///
/// An actor because the budget's timer and the loop run side by side: what was measured when the timer strikes is kept.
actor TuningLoop {
    private let run: TuningRun
    private let clock = ContinuousClock()
    private var journal: Journal
    private var pending: JournalEvent.ProposalsEvent?
    private(set) var history: History
    private(set) var summaries: [RoundSummary]

    init(_ run: TuningRun, resuming state: ResumedState, journal: Journal) {
        self.run = run
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
        if run.strategy.stopsWhenStalled, isStalled { return .stalled }
        return nil
    }

    private var remainingEvaluations: Int {
        guard let most = run.options.budget.evaluations else { return .max }
        return max(0, most - history.evaluatedCount)
    }

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
        let times = summaries.suffix(run.options.patience + 1).compactMap(\.bestTimeMs)
        guard times.count == run.options.patience + 1 else { return false }
        return zip(times, times.dropFirst()).allSatisfy { $1 > $0 * (1 - run.options.smallestGain) }
    }

    /// One round; false when the strategy had nothing to propose.
    private func runRound(_ round: Int) async throws -> Bool {
        let start = clock.now
        run.observer.observe(.roundStarted(round: round, rounds: run.options.rounds))
        // While a model is asked, the default is measured; other strategies should know it when they propose.
        if !run.strategy.waitsForModel(round: round) { try await evaluateDefault() }
        var proposals = try await proposals(round)
        try await evaluateDefault()
        history.reject(proposals.rejections, round: round)
        run.observer.observe(.proposed(configs: proposals.configs.count, rejections: proposals.rejections))
        if run.strategy.waitsForModel(round: round) {
            try await evaluate(proposals.configs, round: round, origin: .model)
        } else {
            proposals.configs = try await evaluateInTurns(proposals, round: round)
        }
        pending = nil
        guard !(proposals.configs.isEmpty && proposals.model == nil) else { return false }
        try finish(round, proposals, wall: (clock.now - start).inSeconds)
        return true
    }

    /// What a search proposes for a round, some at a time: it may want to know of the first before it proposes the next.
    ///
    /// - Returns: all configs of the round.
    private func evaluateInTurns(
        _ first: JournalEvent.ProposalsEvent, round: Int
    ) async throws -> [Config] {
        func ofRound() -> [Config] {
            history.entries.filter { $0.round == round && $0.origin == .search }.map(\.config)
        }
        // An interrupted run may have evaluated others of this round before these.
        var all = ofRound().filter { !first.configs.contains($0) } + first.configs
        var next = first.configs
        while !next.isEmpty {
            try await evaluate(
                next, round: round, origin: .search, done: all.count - next.count, total: run.options.configsPerRound)
            let missing = run.options.configsPerRound - all.count
            guard missing > 0, remainingEvaluations > 0 else { break }
            let proposals = try await run.strategy.propose(missing, round: round, history: history)
            next = proposals.configs.filter { !history.contains($0) }
            all += next
            if !next.isEmpty { try journal.append(.proposals(.init(round: round, proposals, modelSeconds: nil))) }
        }
        return all
    }

    private func finish(_ round: Int, _ proposals: JournalEvent.ProposalsEvent, wall: Double) throws {
        let entries = history.entries.filter {
            $0.round == round && [.model, .search].contains($0.origin)
        }
        // What the language itself refused, though it lies in the space.
        let refused = entries.count { $0.evaluation.outcome == .rejected }
        let all = history.entries.filter { $0.round == round }
        let failures = entries.filter { $0.evaluation.outcome.isFailure }
        // What was measured beside the model's configs.
        let fill = run.strategy.waitsForModel(round: round) ? entries.count { $0.origin == .search } : 0
        var seconds = RoundSeconds(model: proposals.modelSeconds ?? 0, wall: wall)
        for entry in all {
            seconds.compile += entry.evaluation.seconds.compile
            seconds.verify += entry.evaluation.seconds.verify
            seconds.time += entry.evaluation.seconds.time
        }
        seconds.idle = max(0, wall - seconds.model - seconds.verify - seconds.time)
        let summary = RoundSummary(
            round: round, proposed: proposals.configs.count + fill + proposals.rejections.count,
            rejected: proposals.rejections.count + refused, failed: failures.count,
            measured: entries.count { $0.timeMs != nil },
            notRecorded: entries.count { $0.evaluation.outcome == .notRecorded }, bestTimeMs: history.best?.timeMs,
            bestShareOfLimit: history.best?.evaluation.resources?.shareOfLimit,
            limit: history.best?.evaluation.resources?.limit, bestConfig: history.best?.config,
            defaultTimeMs: history.defaultEntry?.timeMs,
            seconds: seconds)
        tellOfLowLimit(summary)
        summaries.append(summary)
        try journal.append(.roundFinished(summary))
        try journal.synchronize()
        run.observer.observe(
            .roundFinished(
                summary, failures: failures, rejections: proposals.rejections))
    }

    // MARK: Asking

    /// What the strategy proposes, on record before anything of it is evaluated.
    private func proposals(_ round: Int) async throws -> JournalEvent.ProposalsEvent {
        if let pending, pending.round == round { return pending }
        try journal.append(.roundStarted(.init(round: round)))
        try journal.synchronize()
        var event: JournalEvent.ProposalsEvent
        if run.strategy.waitsForModel(round: round) {
            run.observer.observe(.askingModel(name: run.modelName ?? run.strategy.name))
            let (proposals, seconds) = try await askWhileMeasuring(round)
            event = JournalEvent.ProposalsEvent(round: round, proposals, modelSeconds: seconds)
            run.observer.observe(.modelReplied(seconds: seconds, notes: proposals.exchange?.notes ?? []))
        } else {
            let proposals = try await run.strategy.propose(run.options.configsPerRound, round: round, history: history)
            event = JournalEvent.ProposalsEvent(round: round, proposals, modelSeconds: nil)
        }
        // What was measured meanwhile may have become a proposal of the model as well: it is evaluated once.
        for config in event.configs where history.contains(config) {
            let reason = "duplicate of a config that was measured meanwhile"
            event.rejections.append(RejectedProposal(proposal: config.json, reason: reason))
        }
        event.configs.removeAll(where: history.contains)
        try journal.append(.proposals(event))
        return event
    }

    /// Asks the model; the idle device measures the default and, where wanted, random seeds until the reply is there.
    private func askWhileMeasuring(_ round: Int) async throws -> (Proposals, seconds: Double) {
        let strategy = run.strategy
        let count = run.options.configsPerRound
        let (clock, start, known) = (clock, clock.now, history)
        let replied = Flag()
        async let asked: (Proposals, Double) = {
            defer { replied.set() }
            let proposals = try await strategy.propose(count, round: round, history: known)
            return (proposals, (clock.now - start).inSeconds)
        }()
        if round == 0 {
            try await evaluateDefault()
            try await evaluateRandomSeeds(while: { !replied.isSet })
        }
        try await evaluateFill(count, round: round)
        return try await asked
    }

    /// What the strategy wants measured beside the model's configs; what an interrupted run has done of it, it sees in the
    /// history.
    private func evaluateFill(_ count: Int, round: Int) async throws {
        while remainingEvaluations > 0 {
            let fill = try await run.strategy.fill(count, round: round, history: history)
            let open = fill.filter { !history.contains($0) }
            guard !open.isEmpty else { return }
            try await evaluate(open, round: round, origin: .search)
        }
    }

    /// One at a time, so that no seed stands between the reply and its evaluation for long.
    private func evaluateRandomSeeds(while isWaiting: () -> Bool) async throws {
        guard run.options.randomSeeds > 0 else { return }
        var generator = roundGenerator(seed: run.options.seed, round: 0)
        let seeds = history.space.sample(run.options.randomSeeds, using: &generator, excluding: history.contains)
        for seed in seeds where isWaiting() {
            try await evaluate([seed], round: 0, origin: .randomSeed)
        }
    }

    // MARK: Evaluating

    private func evaluateDefault() async throws {
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
    private func evaluate(
        _ configs: [Config], round: Int, origin: Origin, done before: Int = 0, total: Int? = nil
    ) async throws {
        let open = configs.filter { !history.contains($0) }.prefix(remainingEvaluations)
        guard !open.isEmpty else { return }
        var done = before + configs.count - open.count
        let total = total ?? configs.count
        try await run.evaluator.evaluate(Array(open)) { evaluation in
            done += 1
            try self.keep(evaluation, round: round, origin: origin, done: done, total: total)
        }
    }

    private func keep(_ evaluation: Evaluation, round: Int, origin: Origin, done: Int, total: Int) throws {
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

/// Set once, read by another task.
private final class Flag: Sendable {
    private let value = Mutex(false)

    func set() { value.withLock { $0 = true } }
    var isSet: Bool { value.withLock { $0 } }
}
