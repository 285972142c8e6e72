internal import ArgumentParser
internal import ConfigSpace
internal import Foundation
internal import KernelSpec
internal import Measurement
internal import Reporting
internal import Tuning

/// Runs what `autotune compare` compares: the baselines, then the search, seed after seed.
struct ComparedSearches {
    let target: TargetOptions
    let search: SearchOptions
    let model: ModelOptionGroup
    let baselines: [Side]
    let baselineBudget: BudgetLimit?
    let evaluator: any Evaluator
    let session: Session
    let progress: ProgressReport

    private static let helionAutotuner = "LFBOTreeSearch"
    private static let defaultSeconds = 1_800.0
    private static let defaultEvaluations = 600

    /// A baseline; what is known from earlier is read before anything is searched.
    enum Side {
        case helion
        case strategy(SearchOptions.StrategyName)
        case known(EarlierSearch)

        init(_ choice: BaselineChoice, space: ConfigSpace) throws {
            switch choice {
            case .helion: self = .helion
            case .strategy(let name): self = .strategy(name)
            case .earlier(let path): self = .known(try EarlierSearch(path: path, space: space))
            }
        }
    }

    static var noHelion: MeasurementError {
        MeasurementError(
            .unsupported, "--baseline helion needs a Helion kernel that is measured",
            help: "Compare with --baseline lfbo, or with an earlier session.")
    }

    private typealias Found = (baseline: Comparison.Baseline, points: [Curve.Point])

    /// All sides with one seed.
    ///
    /// - Parameter number: from 0; the first lies in the session itself, later ones in folders of their own in it.
    func run(_ number: Int, of repeats: Int) async throws -> Comparison.Run {
        var options = search
        options.seed = search.seed &+ UInt64(number)
        let session = number == 0 ? session : Session(path: "\(session.path)/repeat-\(number + 1)")
        let maker = try RunMaker(target, options, model, language: evaluator.spec.kernel.language)
        if number > 0 { try session.create(maker.record(of: evaluator.spec, device: evaluator.device)) }
        var found: [Found] = []
        for (index, side) in baselines.enumerated() {
            let folder = session.path + (index == 0 ? "/baseline" : "/baseline-\(index + 1)")
            found.append(try await self.found(by: side, options, folder: folder, repeats: repeats))
        }
        tell(search.strategy.rawValue, seed: options.seed, isAlone: baselines.allSatisfy(\.isKnown) && repeats == 1)
        let result = try await result(of: maker.run(evaluator, session, observer: progress))
        let points = session.curve(endingAt: result.searchSeconds(within: nil))
        return Comparison.Run(
            seed: options.seed, search: result, baselines: found.map(\.baseline),
            points: [points] + found.map(\.points))
    }

    private func found(
        by side: Side, _ search: SearchOptions, folder: String, repeats: Int
    ) async throws -> Found {
        switch side {
        case .known(let earlier): return (earlier.baseline, earlier.points)
        case .helion: return (try await foundByHelion(folder: folder), [])
        case .strategy(let strategy):
            var options = search
            options.strategy = strategy
            options.configsPerRound = nil
            if !strategy.asksModel { options.rounds = nil }
            let budget = baselineBudget ?? .evaluations(Self.defaultEvaluations)
            options.budget = [budget]
            options.limitStop = false
            options.randomSeeds = 0
            let maker = try RunMaker(target, options, model, language: evaluator.spec.kernel.language)
            let session = Session(path: folder)
            try session.create(maker.record(of: evaluator.spec, device: evaluator.device))
            tell(strategy.rawValue, seed: options.seed, isAlone: false)
            let result = try await result(of: maker.run(evaluator, session, observer: progress))
            guard let best = result.best else { throw SessionError.noBaseline(session.resultPath) }
            let seconds = result.searchSeconds(within: budget.seconds)
            let baseline = Comparison.Baseline(
                name: strategy.rawValue, config: best.config, seconds: seconds, evaluations: result.evaluations)
            return (baseline, session.curve(endingAt: seconds))
        }
    }

    /// Whose rounds the next lines are about, where several search.
    private func tell(_ strategy: String, seed: UInt64, isAlone: Bool) {
        if !isAlone { progress.observe(.side(name: strategy, seed: seed)) }
    }

    /// What a search came to; one that came to nothing says so on standard error.
    private func result(of run: TuningRun) async throws -> RunResult {
        let ended = try await run.run()
        if let failure = ended.failure { throw failure }
        guard let code = ExitCode(ended.result, interrupted: false) else { return ended.result }
        progress.finish()
        try? FileHandle.standardError.write(contentsOf: Data(ResultReport.text(ended.result).utf8))
        throw code
    }

    private func foundByHelion(folder: String) async throws -> Comparison.Baseline {
        guard let workers = evaluator as? WorkerEvaluator else { throw Self.noHelion }
        let limit = baselineBudget?.seconds ?? Self.defaultSeconds
        let autotuner = ProcessInfo.processInfo.environment["HELION_AUTOTUNER"] ?? Self.helionAutotuner
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = URL(filePath: folder).appending(path: "helion").path
        progress.observe(.searching(name: "Helion's \(autotuner)", limitSeconds: limit))
        let found = try await workers.search(autotuner: autotuner, limitSeconds: limit, logPath: log)
        let baseline = Comparison.Baseline(
            name: "Helion's \(autotuner)", config: found.config, seconds: found.seconds, evaluations: found.evaluations)
        try session.write(try JSONFiles.document(baseline), to: "\(folder)/baseline.json")
        return baseline
    }
}

extension ComparedSearches.Side {
    fileprivate var isKnown: Bool {
        if case .known = self { true } else { false }
    }
}

extension RunResult {
    /// Of the search, without waiting for a model and without the finalists' re-timing.
    ///
    /// - Parameter budget: the time it was given, in seconds: a round that the end of it cut off is in no summary.
    fileprivate func searchSeconds(within budget: Double?) -> Double {
        let model = rounds.reduce(0) { $0 + $1.seconds.model }
        let finished = rounds.reduce(0) { $0 + $1.seconds.wall } - model
        guard stopped == .timeBudget, let budget else { return finished }
        return max(finished, budget - model)
    }
}

extension BudgetLimit {
    fileprivate var seconds: Double? {
        if case .seconds(let seconds) = self { seconds } else { nil }
    }
}
