public import ConfigSpace
internal import Foundation
public import KernelSpec
internal import LanguageModel
public import Measurement
public import Search

/// One run, from the first prompt to `result.json`.
///
///     session ─► rounds (TuningLoop) ─► finalists re-timed ─► result.json, results.t4.json
public struct TuningRun: Sendable {
    public let spec: KernelSpec
    public let evaluator: any Evaluator
    public let strategy: any Strategy
    public let options: TuningOptions
    public let session: Session
    public let observer: any TuningObserver
    /// The model that is asked, for the user and the files; nil where none is.
    public let modelName: String?
    /// Configs that the kernel's own compiler would begin with, measured beside the default.
    public let seeds: [Config]

    public init(
        spec: KernelSpec, evaluator: any Evaluator, strategy: any Strategy, options: TuningOptions, session: Session,
        observer: any TuningObserver, modelName: String?, seeds: [Config] = []
    ) {
        self.seeds = seeds
        self.spec = spec
        self.evaluator = evaluator
        self.strategy = strategy
        self.options = options
        self.session = session
        self.observer = observer
        self.modelName = modelName
    }

    /// What a run came to, and the error that ended it, if one did: even then there is a best so far to tell.
    public struct Ended: Sendable {
        public let result: RunResult
        public let failure: (any Error)?
    }

    /// Tunes, and writes the session's result however the tuning ended.
    ///
    /// A budget that is used up, a model that cannot be reached and a cancelled task end the run early with what it has,
    /// and the result says so. So does an error of the device or the file system, which is handed back with the result.
    ///
    /// - Parameter resuming: go on with what the session's journal holds.
    /// - Throws: a `SessionError` when the session cannot be opened, before anything is run.
    public func run(resuming: Bool = false) async throws -> Ended {
        let start = ContinuousClock.now
        let space = spec.configSpace
        let journal = try Journal(path: session.journalPath)
        var state = ResumedState(space: space)
        if resuming {
            state = try ResumedState(try journal.events(), path: session.journalPath, space: space)
            observer.observe(.resumed(evaluations: state.history.evaluatedCount, rounds: state.summaries.count))
        }
        let earlierSeconds = state.summaries.reduce(0) { $0 + $1.seconds.wall }
        let loop = TuningLoop(self, resuming: state, journal: journal)
        var ending = Ending(reason: .failed, text: nil)
        var finalists: [Evaluation] = []
        var failure: (any Error)?
        do {
            ending = try await rounds(of: loop)
            if ending.reason != .interrupted { finalists = try await loop.retimeFinalists() }
        } catch is CancellationError {
            ending = Ending(reason: .interrupted, text: nil)
        } catch {
            ending.text = "\(error)"
            failure = error
        }
        let wall = earlierSeconds + (ContinuousClock.now - start).inSeconds
        let result = await makeResult(loop, ending: ending, finalists: finalists, wallSeconds: wall)
        do {
            try await loop.close(ending.reason, because: ending.text)
            try await write(result, history: loop.history)
        } catch {
            failure = failure ?? error
        }
        return Ended(result: result, failure: failure)
    }

    struct Ending {
        var reason: StopReason
        var text: String?
    }

    /// Runs the rounds until they end or the time budget does, whichever comes first.
    private func rounds(of loop: TuningLoop) async throws -> Ending {
        do {
            return try await withThrowingTaskGroup(of: StopReason.self) { group in
                group.addTask { try await loop.runRounds() }
                if let seconds = options.budget.seconds {
                    group.addTask {
                        try await Task.sleep(for: .seconds(seconds))
                        return .timeBudget
                    }
                }
                defer { group.cancelAll() }
                return Ending(reason: try await group.next() ?? .exhausted, text: nil)
            }
        } catch let error as LanguageModelError {
            if error.kind == .cancelled { throw CancellationError() }
            observer.observe(.warning("\(error)"))
            return Ending(reason: .modelUnavailable, text: "\(error)")
        }
    }

    private func makeResult(
        _ loop: TuningLoop, ending: Ending, finalists: [Evaluation], wallSeconds: Double
    ) async -> RunResult {
        let history = await loop.history
        let defaultConfig = spec.configSpace.defaultConfig
        let reference = (finalists.first { $0.config == defaultConfig } ?? history.defaultEntry?.evaluation)
            .flatMap { RunResult.Measured($0) }
        let fastest = finalists.first { $0.timeMs != nil } ?? history.best?.evaluation
        let summaries = await loop.summaries
        let costs = summaries.compactMap(\.cost)
        let best = fastest.flatMap { RunResult.Measured($0) }
        return RunResult(
            name: spec.name, device: evaluator.device.name, strategy: strategy.name, model: modelName,
            seed: options.seed, session: session.path, stopped: ending.reason, stoppedReason: ending.text,
            evaluations: history.evaluatedCount,
            outcomes: Dictionary(grouping: history.entries) { $0.evaluation.outcome.rawValue }.mapValues(\.count),
            default: reference, best: best, snippet: best.map { Snippet.text($0.config, of: spec) },
            speedup: reference.flatMap { reference in best.map { reference.timeMs / $0.timeMs } },
            finalists: finalists.map { RunResult.Finalist($0) }, rounds: summaries,
            modelCost: costs.isEmpty ? nil : costs.reduce(ModelCost(), +),
            wallSeconds: wallSeconds)
    }

    private func write(_ result: RunResult, history: History) throws {
        let data = try JSONFiles.document(result)
        try session.write(data, to: session.resultPath)
        try session.write(
            try T4Document(history, device: evaluator.device, space: spec.toldSpace).data(), to: session.t4Path)
    }
}

extension RunResult.Measured {
    init?(_ evaluation: Evaluation) {
        guard let timing = evaluation.timing, evaluation.outcome == .measured else { return nil }
        self.init(
            config: evaluation.config, timeMs: timing.medianMs, intervalMs: [timing.lowMs, timing.highMs],
            resources: evaluation.resources)
    }
}

extension RunResult.Finalist {
    init(_ evaluation: Evaluation) {
        let timing = evaluation.outcome == .measured ? evaluation.timing : nil
        self.init(
            config: evaluation.config, outcome: evaluation.outcome, timeMs: timing?.medianMs,
            intervalMs: timing.map { [$0.lowMs, $0.highMs] }, reason: evaluation.reason,
            tied: timing?.isTiedWithFastest ?? false)
    }
}
