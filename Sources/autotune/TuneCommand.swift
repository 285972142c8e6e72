internal import ArgumentParser
internal import Foundation
internal import Guidance
internal import KernelSpec
internal import LanguageModel
internal import Measurement
internal import Reporting
internal import Search
internal import Tuning

/// `autotune kernel.json`: the round loop from the first prompt to the result.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Tune a kernel (the default command).",
        discussion: """
            The result goes to standard output, progress to standard error; everything is kept in the session folder.

            Exit codes: 0 done, 64 wrong usage, 65 bad kernel.json or nothing that works, 69 device or model not
            available, 70 a defect of autotune, 73 a file cannot be written, 75 stopped by a budget with nothing
            measured, 130 interrupted (the best so far is in the session).
            """)

    @OptionGroup var target: TargetOptions
    @OptionGroup(title: "Search") var search: SearchOptions
    @OptionGroup(title: "Language model") var model: ModelOptionGroup

    @Option(
        help: ArgumentHelp("Folder of this run.", discussion: "Default: .autotune/<name>/<UTC time>.", valueName: "dir")
    )
    var session: String?

    @Flag(help: "Go on with an interrupted session: the one of --session, or the latest of this kernel.")
    var resume = false

    @Flag(help: "Print result.json on standard output instead of the tables.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write the best config as it is pasted into a source: @helion.kernel(config=…), triton.Config(…), or a header of "
                + "macros.", discussion: "- prints it on standard output, in place of the tables.", valueName: "file"),
        completion: .file())
    var emit: String?

    @Flag(name: .shortAndLong, help: "No progress, warnings only.")
    var quiet = false

    mutating func validate() throws {
        try search.check()
        try model.check(strategy: search.strategy)
        if json, emit == "-" { throw ValidationError("--json and --emit - both print on standard output: choose one") }
    }

    func run() async throws {
        let command = self
        try await Failure.reporting {
            let (ended, wasInterrupted) = try await Interruption.cancelling { try await command.tune() }
            try command.print(ended.result)
            if let failure = ended.failure { throw failure }
            if let code = ExitCode(ended.result, interrupted: wasInterrupted) { throw code }
        }
    }

    private func tune() async throws -> TuningRun.Ended {
        let file = try KernelSpec.read(from: target.kernel)
        let progress = ProgressReport(.standardError(), isQuiet: quiet)
        defer { progress.finish() }
        for warning in file.warnings { progress.observe(.warning(warning)) }
        let maker = try RunMaker(target, search, model, language: file.kernel.language)
        return try await target.withEvaluator(for: file, seed: search.seed, observer: progress) { evaluator in
            let session = try openSession(maker.record(of: evaluator.spec, device: evaluator.device))
            if !quiet {
                Heading.print(
                    evaluator.spec, evaluator.device, strategy: search.strategy, maker.languageModel, session)
            }
            return try await maker.run(evaluator, session, observer: progress).run(resuming: resume)
        }
    }

    /// Makes the session's folder, or finds the one to go on with and checks that it is of the same run.
    private func openSession(_ record: SessionRecord) throws -> Session {
        guard resume else {
            let opened = Session(path: session ?? Session.defaultPath(kernel: record.name))
            try opened.create(record)
            return opened
        }
        guard let opened = session.map(Session.init(path:)) ?? Session.latest(kernel: record.name) else {
            throw SessionError.nothingToResume(kernel: record.name)
        }
        if let difference = try opened.record().differences(from: record).first {
            throw SessionError.differs(
                path: opened.path, what: difference.what, then: difference.then, now: difference.now)
        }
        return opened
    }

    private func print(_ result: RunResult) throws {
        let snippet = result.snippet.map { Data(($0 + "\n").utf8) }
        if emit == "-" {
            // Whoever reads standard output takes it for a source: where there is none, what happened is told elsewhere.
            let output = snippet == nil ? FileHandle.standardError : FileHandle.standardOutput
            try? output.write(contentsOf: snippet ?? Data(ResultReport.text(result).utf8))
            return
        }
        let text =
            json
            ? String(decoding: try JSONFiles.document(result), as: UTF8.self)
            : ResultReport.text(result)
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        if let emit, let snippet { try Session(path: result.session).write(snippet, to: emit) }
    }
}

extension ExitCode {
    /// The code for a run that ended without an error; nil for success.
    init?(_ result: RunResult, interrupted: Bool) {
        if interrupted || result.stopped == .interrupted {
            self.init(130)
        } else if result.stopped == .modelUnavailable && result.rounds.isEmpty
            && result.best.map({ $0.config == result.default?.config }) ?? true
        {
            self.init(EX_UNAVAILABLE)
        } else if result.best == nil {
            let byBudget = result.stopped == .timeBudget || result.stopped == .evaluationBudget
            self.init(byBudget ? EX_TEMPFAIL : EX_DATAERR)
        } else {
            return nil
        }
    }
}
