internal import ConfigSpace
internal import LanguageModel
internal import Measurement
internal import Search
internal import Synchronization

/// Rounds in which a model is asked: its configs are evaluated while it still writes, and the idle device has other work.
extension TuningLoop {
    /// Asks, and evaluates what comes while it comes; the idle device measures the default and what is wanted beside.
    func runModelRound(_ round: Int) async throws -> JournalEvent.ProposalsEvent {
        if let pending, pending.round == round {
            try await evaluateDefault()
            tell(pending)
            try await evaluate(pending.configs, round: round, origin: .model)
            return pending
        }
        try begin(round)
        run.observer.observe(.askingModel(name: run.modelName ?? strategy.name))
        let (early, continuation) = AsyncStream<Config>.makeStream()
        let (clock, start, observer) = (clock, clock.now, run.observer)
        let (strategy, count, known) = (strategy, run.options.configsPerRound, history.before(round: round))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            let replied = Flag()
            async let asked: (Proposals, Double) = {
                defer {
                    replied.set()
                    continuation.finish()
                }
                let proposals = try await strategy.propose(count, round: round, history: known) { event in
                    switch event {
                    case .config(let config): continuation.yield(config)
                    case .note(let note): observer.observe(.modelNote(note))
                    }
                }
                return (proposals, (clock.now - start).inSeconds)
            }()
            do {
                if round == 0 { try await evaluateDefault() }
                // A recording answers at once: what order its configs come in should not be left to chance.
                if run.options.early, run.evaluator.takesTime {
                    group.addTask { try await self.evaluate(early, round: round) }
                }
                if round == 0 { try await evaluateRandomSeeds(while: { !replied.isSet }) }
                try await evaluateFill(count, round: round)
                let (proposals, seconds) = try await asked
                let event = try keep(proposals, round: round, seconds: seconds)
                tell(event)
                try await evaluate(event.configs, round: round, origin: .model)
                try await group.waitForAll()
                return event
            } catch let error as LanguageModelError {
                // What came before is a valid proposal all the same, and on its way.
                try await group.waitForAll()
                throw error
            }
        }
    }

    /// Puts what the model came to on record.
    private func keep(
        _ proposals: Proposals, round: Int, seconds: Double
    ) throws -> JournalEvent.ProposalsEvent {
        var event = JournalEvent.ProposalsEvent(round: round, proposals, modelSeconds: seconds)
        let early = history.entries.filter { $0.round == round && $0.origin == .model }
        if !early.isEmpty {
            event.early = early.count
            event.earlySeconds = early.reduce(0) { $0 + $1.evaluation.seconds.verify + $1.evaluation.seconds.time }
        }
        run.observer.observe(
            .modelReplied(
                seconds: seconds, early: early.count, cost: proposals.exchange?.cost ?? ModelCost(),
                notes: proposals.exchange?.notes ?? []))
        // What was measured meanwhile for another reason may have become a proposal as well: it is evaluated once.
        let others = event.configs.filter { config in
            history.entry(for: config).map { $0.round != round || $0.origin != .model } ?? false
        }
        event.rejections += others.map {
            RejectedProposal(proposal: $0.json, reason: "duplicate of a config that was measured meanwhile")
        }
        event.configs.removeAll(where: others.contains)
        try journal.append(.proposals(event))
        return event
    }

    /// What the strategy wants measured beside the model's configs; what an interrupted run has done of it, it sees in the
    /// history.
    private func evaluateFill(_ count: Int, round: Int) async throws {
        while remainingEvaluations > 0 {
            let fill = try await strategy.fill(count, round: round, history: history)
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

    /// Evaluates configs of a model as they come.
    private func evaluate(_ proposed: AsyncStream<Config>, round: Int) async throws {
        let (open, continuation) = AsyncStream<Config>.makeStream()
        async let passing: Void = {
            for await config in proposed where await self.reserve(config) { continuation.yield(config) }
            continuation.finish()
        }()
        var done = 0
        let total = run.options.configsPerRound
        try await run.evaluator.evaluate(open) { evaluation in
            done += 1
            try self.keep(evaluation, round: round, origin: .model, done: done, total: total)
        }
        await passing
    }
}

/// Set once, read by another task.
private final class Flag: Sendable {
    private let value = Mutex(false)

    func set() { value.withLock { $0 = true } }
    var isSet: Bool { value.withLock { $0 } }
}
