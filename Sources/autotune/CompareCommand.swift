public import ArgumentParser
internal import Foundation
internal import KernelSpec
internal import Measurement
internal import Reporting
public import Tuning

/// `autotune compare`: a search beside baselines, all winners re-timed side by side.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare a search with baselines: speed and time, round by round.",
        discussion: """
            The baselines search first, then the search that the other options describe; then the default, the best after
            each round and the baselines' bests are timed again, interleaved in one process. Speed and time are counted
            against the first baseline.

            autotune compare kernel.json --baseline helion        Helion's own autotuner (HELION_AUTOTUNER, LFBOTreeSearch)
            autotune compare kernel.json --baseline lfbo          a search of autotune's, with --baseline-budget
            autotune compare kernel.json --baseline DIR           what an earlier session came to, or a result.json
            autotune compare kernel.json --strategy local --baseline lfbo --baseline random --repeats 5 --plot curves.svg

            Exit codes as of `tune`.
            """)

    @OptionGroup var target: TargetOptions

    @Option(
        help: ArgumentHelp(
            "What to compare with: \(BaselineChoice.searches), or an earlier session. May be given several times.",
            valueName: "search or dir"))
    var baseline: [String]

    @Option(
        help: ArgumentHelp(
            "What each baseline may cost: a time (10m) or a number of evaluations.",
            discussion: "Default: 30m for helion, 600 evaluations for the others.", valueName: "limit"))
    var baselineBudget: BudgetLimit?

    @Option(
        help: ArgumentHelp(
            "Search so many times, with the seeds from --seed on: medians and ranges are told.", valueName: "n"))
    var repeats = 1

    @OptionGroup(title: "Search") var search: SearchOptions
    @OptionGroup(title: "Language model") var model: ModelOptionGroup

    @Option(
        help: ArgumentHelp(
            "Folder of the search; the baselines' and the repeats' are in it.",
            discussion: "Default: .autotune/<name>/<UTC time>.", valueName: "dir"))
    var session: String?

    @Flag(help: "Print compare.json on standard output instead of the tables.")
    var json = false

    @Flag(help: "Print the tables on standard output in Markdown.")
    var markdown = false

    @Option(
        help: ArgumentHelp("Draw the best so far of each side into an SVG file.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var plot: String?

    @Option(
        help: ArgumentHelp(
            "What the plot's horizontal axis counts: \(Curve.Cost.allCases.map(\.rawValue).joined(separator: " or ")).",
            valueName: "cost"))
    var plotOver = Curve.Cost.evaluations

    @Flag(name: .shortAndLong, help: "No progress, warnings only.")
    var quiet = false

    private static let mostRepeats = 1_000

    mutating func validate() throws {
        try search.check()
        let choices = try baseline.map(BaselineChoice.init)
        let asking = choices.contains(where: \.asksModel) ? SearchOptions.StrategyName.llm : search.strategy
        try model.check(strategy: asking)
        if choices.contains(where: \.isHelion), let baselineBudget, !baselineBudget.isTime {
            throw ValidationError("--baseline helion ends by time alone: --baseline-budget 10m")
        }
        if baselineBudget != nil, !choices.contains(where: \.isSearch) {
            throw ValidationError("an earlier session has cost what it has: no --baseline-budget")
        }
        if !(1...Self.mostRepeats).contains(repeats) {
            throw ValidationError("--repeats must be between 1 and \(Self.mostRepeats)")
        }
        let asked = repeats * (choices.count(where: \.asksModel) + (search.strategy.asksModel ? 1 : 0))
        if model.record != nil, asked > 1 {
            throw ValidationError("--record keeps the replies to one search, and \(asked) ask the model here")
        }
        if json, markdown {
            throw ValidationError("--json and --markdown both print on standard output: choose one")
        }
        if let plot {
            let folder = URL(filePath: plot).deletingLastPathComponent().path
            guard FileManager.default.isWritableFile(atPath: folder) else {
                throw ValidationError("--plot \(plot): there is no folder \(folder) that can be written to")
            }
        }
    }

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
        let choices = try baseline.map(BaselineChoice.init)
        if choices.contains(where: \.isHelion), target.recorded != nil || file.kernel.language != .helion {
            throw ComparedSearches.noHelion
        }
        let maker = try RunMaker(target, search, model, language: file.kernel.language)
        let start = ContinuousClock.now
        return try await target.withEvaluator(for: file, seed: search.seed, observer: progress) { evaluator in
            let startSeconds = (ContinuousClock.now - start) / .seconds(1)
            // A baseline that is none leaves no session behind.
            let baselines = try choices.map { try ComparedSearches.Side($0, space: evaluator.spec.configSpace) }
            let opened = Session(path: session ?? Session.defaultPath(kernel: file.name))
            try opened.create(maker.record(of: evaluator.spec, device: evaluator.device))
            if !quiet {
                Heading.print(evaluator.spec, evaluator.device, strategy: search.strategy, maker.languageModel, opened)
            }
            let searches = ComparedSearches(
                target: target, search: search, model: model, baselines: baselines, baselineBudget: baselineBudget,
                evaluator: evaluator, session: opened, progress: progress)
            var runs: [Comparison.Run] = []
            for number in 0..<repeats { runs.append(try await searches.run(number, of: repeats)) }
            progress.observe(.retiming(count: runs.reduce(1) { $0 + $1.search.rounds.count + $1.baselines.count }))
            let comparison = try await Comparison(runs, evaluator: evaluator, startSeconds: startSeconds)
            try opened.write(try JSONFiles.document(comparison), to: "\(opened.path)/compare.json")
            try opened.write(Data(ComparisonReport.markdown(comparison).utf8), to: "\(opened.path)/compare.md")
            if let plot { try draw(comparison, to: plot, opened, progress) }
            return comparison
        }
    }

    private func draw(
        _ comparison: Comparison, to file: String, _ session: Session, _ progress: ProgressReport
    ) throws {
        if let drawing = ConvergencePlot(comparison, over: plotOver) {
            try session.write(Data(drawing.svg.utf8), to: file)
        } else {
            progress.observe(.warning("no side tells its \(plotOver.rawValue): \(file) is not drawn"))
        }
    }

    private func print(_ comparison: Comparison) throws {
        let text =
            json
            ? String(decoding: try JSONFiles.document(comparison), as: UTF8.self)
            : markdown ? ComparisonReport.markdown(comparison) : ComparisonReport.text(comparison)
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}

extension Curve.Cost: ExpressibleByArgument {}
