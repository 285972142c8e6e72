internal import ArgumentParser
internal import Foundation
internal import KernelSpec
internal import LanguageModel
internal import Measurement
internal import Tuning

/// The kernel and the device: what every command that looks at a target takes.
struct TargetOptions: ParsableArguments {
    @ArgumentParser.Argument(help: "kernel.json, or a T1 file.", completion: .file(extensions: ["json"]))
    var kernel: String

    @Option(
        help: ArgumentHelp(
            "Look results up in a recording instead of measuring.",
            discussion: "A T4 file or a Kernel Tuner cache file, plain or .gz.", valueName: "file"),
        completion: .file())
    var recorded: String?

    @Option(
        help: ArgumentHelp(
            "Seconds one config may take to compile.",
            discussion: "Default: 8 times what configs usually take, from 3 to 15.", valueName: "seconds"))
    var compileLimit: Double?

    @Option(
        help: ArgumentHelp(
            "Seconds one config may take to run.", discussion: "Default: by the best so far.", valueName: "seconds"))
    var runLimit: Double?

    @Option(name: .shortAndLong, help: ArgumentHelp("Compile workers. Default: the number of cores.", valueName: "n"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Command put before each worker, such as \"srun --gpus=1\"; split at spaces.", valueName: "command"))
    var launcher: String?

    @Option(
        help: ArgumentHelp(
            "The Python that runs Helion and Triton kernels, with their packages: a path, or a name in PATH.",
            valueName: "interpreter"), completion: .file())
    var python = EvaluatorOptions.defaultPython

    @Option(
        help: ArgumentHelp(
            "GPUs that measure: all, or numbers as in 0,1.",
            discussion: "Default: the first. They have to be of one kind; finalists are ranked on the first of them.",
            valueName: "devices"), transform: DeviceSelection.init(option:))
    var devices: DeviceSelection?

    mutating func validate() throws {
        for (name, seconds) in [("--compile-limit", compileLimit ?? 1), ("--run-limit", runLimit ?? 1)]
        where !(seconds > 0 && seconds <= 86_400) {
            throw ValidationError("\(name) must be more than 0 and at most 86400 seconds")
        }
        if devices != nil, recorded != nil {
            throw ValidationError("--devices chooses what to measure on: it says nothing beside --recorded")
        }
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
    }

    /// Opens the device, or the recording, for as long as `body` runs.
    func withEvaluator<Result: Sendable>(
        for spec: KernelSpec, seed: UInt64, observer: (any TuningObserver)? = nil,
        _ body: (any Evaluator) async throws -> Result
    ) async throws -> Result {
        if let recorded {
            return try await body(try await RecordedEvaluator(file: recorded, spec: spec))
        }
        var options = EvaluatorOptions(workerCommand: [
            Self.ownPath, WorkerCommand.configuration.commandName ?? "worker",
        ])
        options.compileLimitSeconds = compileLimit
        options.runLimitSeconds = runLimit
        options.compileJobs = jobs
        options.devices = devices ?? .first
        options.python = python
        options.launcher = (launcher ?? "").split(separator: " ").map(String.init)
        options.seed = seed
        options.notice = { observer?.observe(.warning($0)) }
        return try await withWorkerEvaluator(spec: spec, options: options, body: body)
    }

    /// This program's own file, which the workers are.
    private static var ownPath: String {
        Bundle.main.executablePath ?? CommandLine.arguments[0]
    }

    /// The kernel's source, where it is at hand.
    func source(of spec: KernelSpec) -> String? {
        FileManager.default.contents(atPath: spec.kernel.sourcePath).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The SHA-256 of the kernel file and the kernel's source, by which a resumed run knows that it is the same kernel.
    func hash(of spec: KernelSpec) -> String {
        sha256([spec.path, spec.kernel.sourcePath].flatMap { FileManager.default.contents(atPath: $0) ?? Data() })
    }
}

extension DeviceSelection {
    /// `all`, or numbers without repetition: `0,1`.
    init(option: String) throws {
        if option == "all" {
            self = .all
            return
        }
        let words = option.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = words.compactMap { Int($0) }
        guard numbers.count == words.count, Set(numbers).count == numbers.count, numbers.allSatisfy({ $0 >= 0 }) else {
            throw ValidationError("--devices takes \"all\", or different numbers from 0 on: 0,1")
        }
        self = .indices(numbers)
    }
}
