internal import ArgumentParser
internal import Foundation
internal import KernelSpec
internal import Measurement
internal import Reporting
internal import Tuning

/// `autotune compare`: a search beside a baseline, all winners re-timed side by side.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare a search with a baseline: speed and time, round by round.",
        discussion: """
            The baseline searches first, then the search that the other options describe; then the default, the best after
            each round and the baseline's best are timed again, interleaved in one process.

            autotune compare kernel.json --baseline helion        Helion's own autotuner (HELION_AUTOTUNER, LFBOTreeSearch)
            autotune compare kernel.json --baseline lfbo          a search of autotune's, with --baseline-budget
            autotune compare kernel.json --baseline DIR           what an earlier session came to, or a result.json

            Exit codes as of `tune`.
            """)

    @OptionGroup var target: TargetOptions

    @Option(
        help: ArgumentHelp(
            "What to compare with: helion, lfbo, local, random, exhaustive, or an earlier session.",
            valueName: "search or dir"))
    var baseline: String

    @Option(
        help: ArgumentHelp(
            "What the baseline may cost: a time (10m) or a number of evaluations.",
            discussion: "Default: 30m for helion, 600 evaluations for the others.", valueName: "limit"))
    var baselineBudget: BudgetLimit?

    @OptionGroup(title: "Search") var search: SearchOptions
    @OptionGroup(title: "Language model") var model: ModelOptionGroup

    @Option(
        help: ArgumentHelp(
            "Folder of the search; the baseline's is in it.", discussion: "Default: .autotune/<name>/<UTC time>.",
            valueName: "dir"))
    var session: String?

    @Flag(help: "Print compare.json on standard output instead of the table.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress, warnings only.")
    var quiet = false

    private static let helion = "helion"
    private static let helionAutotuner = "LFBOTreeSearch"
    private static let defaultSeconds = 1_800.0
    private static let defaultEvaluations = 600

    mutating func validate() throws {
        try search.check()
        try model.check(strategy: search.strategy)
        if baseline == Self.helion, let baselineBudget, !baselineBudget.isTime {
            throw ValidationError("--baseline helion ends by time alone: --baseline-budget 10m")
        }
        if strategyOfBaseline?.asksModel == true {
            throw ValidationError("the baseline asks no model: --baseline lfbo")
        }
        if isSearch { return }
        guard FileManager.default.fileExists(atPath: baseline) else {
            throw ValidationError(
                "--baseline \(baseline) is neither a search (helion, lfbo, local, random, exhaustive) nor a session's folder"
            )
        }
        if baselineBudget != nil {
            throw ValidationError("an earlier session has cost what it has: no --baseline-budget")
        }
    }

    private static var noHelion: MeasurementError {
        MeasurementError(
            .unsupported, "--baseline helion needs a Helion kernel that is measured",
            help: "Compare with --baseline lfbo, or with an earlier session.")
    }

    /// Whether the baseline is searched for, rather than known from earlier.
    private var isSearch: Bool { baseline == Self.helion || strategyOfBaseline != nil }
    private var strategyOfBaseline: SearchOptions.StrategyName? { SearchOptions.StrategyName(rawValue: baseline) }

    func run() async throws {
        let command = self
        try await Failure.reporting {
            let (comparison, wasInterrupted) = try await Interruption.cancelling { try await command.compare() }
            try command.print(comparison)
            if wasInterrupted { throw ExitCode(130) }
        }
    }

    private func compare() async throws -> Comparison {
        let file = try KernelSpec.read(from: target.kernel)
        let progress = ProgressReport(.standardError(), isQuiet: quiet)
        defer { progress.finish() }
        for warning in file.warnings { progress.observe(.warning(warning)) }
        if baseline == Self.helion, target.recorded != nil || file.kernel.language != .helion { throw Self.noHelion }
        let maker = try RunMaker(target, search, model, language: file.kernel.language)
        let start = ContinuousClock.now
        return try await target.withEvaluator(for: file, seed: search.seed, observer: progress) { evaluator in
            let startSeconds = (ContinuousClock.now - start) / .seconds(1)
            // A baseline that is none leaves no session behind.
            let earlier =
                isSearch ? nil : try Comparison.Baseline(path: baseline, space: evaluator.spec.configSpace)
            let opened = Session(path: session ?? Session.defaultPath(kernel: file.name))
            try opened.create(maker.record(of: evaluator.spec, device: evaluator.device))
            if !quiet {
                Heading.print(evaluator.spec, evaluator.device, strategy: search.strategy, maker.languageModel, opened)
            }
            let baseline: Comparison.Baseline
            if let earlier {
                baseline = earlier
            } else {
                baseline = try await found(by: evaluator, in: opened, progress)
            }
            let result = try await result(of: maker.run(evaluator, opened, observer: progress), progress)
            progress.observe(.retiming(count: result.rounds.count + 2))
            let comparison = try await Comparison(
                result, baseline: baseline, evaluator: evaluator, startSeconds: startSeconds)
            try opened.write(
                try JSONFiles.document(comparison),
                to: "\(opened.path)/compare.json")
            try opened.write(Data(ComparisonReport.markdown(comparison).utf8), to: "\(opened.path)/compare.md")
            return comparison
        }
    }

    private func found(
        by evaluator: any Evaluator, in session: Session, _ progress: ProgressReport
    ) async throws -> Comparison.Baseline {
        if baseline == Self.helion { return try await foundByHelion(evaluator, session, progress) }
        guard let strategy = strategyOfBaseline else { throw SessionError.noBaseline(baseline) }
        var options = search
        options.strategy = strategy
        (options.rounds, options.configsPerRound) = (nil, nil)
        options.budget = [baselineBudget ?? .evaluations(Self.defaultEvaluations)]
        options.limitStop = false
        let maker = try RunMaker(target, options, model, language: evaluator.spec.kernel.language)
        let own = Session(path: "\(session.path)/baseline")
        try own.create(maker.record(of: evaluator.spec, device: evaluator.device))
        let result = try await result(of: maker.run(evaluator, own, observer: progress), progress)
        guard let best = result.best else { throw SessionError.noBaseline(own.resultPath) }
        // The finalists' re-timing is no part of the search.
        return Comparison.Baseline(
            name: strategy.rawValue, config: best.config,
            seconds: result.rounds.reduce(0) { $0 + $1.seconds.wall }, evaluations: result.evaluations)
    }

    /// What a search came to; one that came to nothing says so on standard error.
    private func result(of run: TuningRun, _ progress: ProgressReport) async throws -> RunResult {
        let ended = try await run.run()
        if let failure = ended.failure { throw failure }
        guard let code = ExitCode(ended.result, interrupted: false) else { return ended.result }
        progress.finish()
        try? FileHandle.standardError.write(contentsOf: Data(ResultReport.text(ended.result).utf8))
        throw code
    }

    private func foundByHelion(
        _ evaluator: any Evaluator, _ session: Session, _ progress: ProgressReport
    ) async throws -> Comparison.Baseline {
        guard let workers = evaluator as? WorkerEvaluator else { throw Self.noHelion }
        var limit = Self.defaultSeconds
        if case .seconds(let seconds)? = baselineBudget { limit = seconds }
        let autotuner = ProcessInfo.processInfo.environment["HELION_AUTOTUNER"] ?? Self.helionAutotuner
        let folder = "\(session.path)/baseline"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = URL(filePath: folder).appending(path: "helion").path
        progress.observe(.searching(name: "Helion's \(autotuner)", limitSeconds: limit))
        let found = try await workers.search(autotuner: autotuner, limitSeconds: limit, logPath: log)
        let baseline = Comparison.Baseline(
            name: "Helion's \(autotuner)", config: found.config, seconds: found.seconds, evaluations: found.evaluations)
        try session.write(
            try JSONFiles.document(baseline), to: "\(folder)/baseline.json")
        return baseline
    }

    private func print(_ comparison: Comparison) throws {
        let text =
            json
            ? String(decoding: try JSONFiles.document(comparison), as: UTF8.self)
            : ComparisonReport.text(comparison)
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
