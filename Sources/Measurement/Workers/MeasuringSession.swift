import ConfigSpace
import KernelSpec
import Synchronization

/// What the slots of one evaluator share: the spec, the queues, what was compiled, and the best time so far.
final class MeasuringSession: Sendable {
    struct CompileJob: Sendable {
        var config: Config
        /// Nil for the reference, which is compiled before anything else and for its own sake.
        var batch: Batch?
    }

    struct TimingJob: Sendable {
        var compiled: CompiledConfig
        var batch: Batch
    }

    /// Work that the first device does alone: times of two devices are not compared.
    struct FirstDeviceJob: Sendable {
        let run: @Sendable (TimingSlot) async -> Void
        /// In place of `run`, where that will not come to be.
        let abandon: @Sendable () -> Void
    }

    private struct State {
        var compiled: [Config: CompiledConfig] = [:]
        /// What each took to compile, ascending.
        var compileSeconds: [Double] = []
        var artifacts = 0
        var architecture: String?
        var hasToldOfShortRuns = false
        var spec: KernelSpec
    }

    let options: EvaluatorOptions
    let target: Target
    let artifactFolder: String
    let compileJobs = JobQueue<CompileJob>()
    /// Taken by whichever device is free.
    let timingJobs = JobQueue<TimingJob>()
    let firstDeviceJobs = JobQueue<FirstDeviceJob>()
    /// The default config, compiled or not: what the others are compared with.
    let reference = Promise<Result<CompiledConfig, CompileFailure>>()
    private let state: Mutex<State>

    /// What starts a worker.
    let command: [String]

    init(spec: KernelSpec, options: EvaluatorOptions, artifactFolder: String) throws(MeasurementError) {
        command = try options.command(for: spec.kernel.language)
        state = Mutex(State(spec: spec))
        self.options = options
        self.target = Target(spec)
        self.artifactFolder = artifactFolder
    }

    var needsReferenceArtifact: Bool {
        switch spec.verification.against {
        case .files, .script: false
        case .defaultConfig, .function: true
        }
    }

    /// With the kernel's own space, once a worker has told it.
    var spec: KernelSpec { state.withLock { $0.spec } }

    /// Takes over the space that a worker told.
    func found(space: Value) throws(MeasurementError) {
        do {
            let spec = try spec.with(space: space)
            state.withLock { $0.spec = spec }
        } catch {
            throw MeasurementError(
                .unsupported, "the kernel's configuration space is not understood: \(error)",
                help: "This version of the language may be newer than autotune: use one that it names, or report this.")
        }
    }

    func nextArtifactName() -> String {
        state.withLock { state in
            state.artifacts += 1
            return "config-\(state.artifacts)"
        }
    }

    func remember(_ compiled: CompiledConfig) {
        state.withLock { $0.compiled[compiled.config] = compiled }
        took(compiled.seconds)
    }

    /// What a config took to compile, or had taken when it was given up: where most are slow the limit follows.
    func took(_ seconds: Double) {
        state.withLock { state in
            let place = state.compileSeconds.firstIndex { $0 > seconds } ?? state.compileSeconds.count
            state.compileSeconds.insert(seconds, at: place)
        }
    }

    /// How long a config may take to compile now.
    var compileLimitSeconds: Double {
        let usual = state.withLock { state in
            state.compileSeconds.isEmpty ? nil : state.compileSeconds[(state.compileSeconds.count - 1) / 2]
        }
        return CompileLimit.seconds(fixed: options.compileLimitSeconds, usual: usual)
    }

    func compiled(_ config: Config) -> CompiledConfig? {
        state.withLock { $0.compiled[config] }
    }

    /// What the first compile worker found, for the others.
    var architecture: String? { state.withLock { $0.architecture } }

    func found(architecture: String?) {
        state.withLock { $0.architecture = architecture }
    }

    /// Says once that kernels are too short for the clock.
    func tellOfShortRuns(_ runsPerSample: Int) {
        guard runsPerSample > 1 else { return }
        let isFirst = state.withLock { state in
            defer { state.hasToldOfShortRuns = true }
            return !state.hasToldOfShortRuns
        }
        guard isFirst else { return }
        options.notice(
            "One run is too short for the clock: each sample is the mean of up to \(runsPerSample) runs in a row, with "
                + "warm caches after the first. A larger problem measures better.")
    }

    /// What `body` gives, run while nothing else uses the first device.
    ///
    /// - Throws: `CancellationError`, the body's error, or that the workers were stopped before its turn came.
    func onFirstDevice<Value: Sendable>(
        _ body: @escaping @Sendable (TimingSlot) async -> Result<Value, MeasurementError>
    ) async throws -> Value {
        let reply = Promise<Result<Value, MeasurementError>>()
        let job = FirstDeviceJob(
            run: { slot in reply.keep(await slot.record.alone { await body(slot) }) },
            abandon: { reply.keep(.failure(.stopped)) })
        guard firstDeviceJobs.push(job) else { throw MeasurementError.stopped }
        let result = await reply.value
        try Task.checkCancellation()
        return try result.get()
    }

    /// Ends all slots; whoever waits for a job that was not begun is told.
    func finish() {
        for job in compileJobs.finish() {
            job.batch?.abandon()
        }
        timingJobs.finish()
        for job in firstDeviceJobs.finish() {
            job.abandon()
        }
        reference.keep(.failure(.run(.stopped)))
    }
}

/// Why a config has no artifact.
enum CompileFailure: Error {
    /// The config is at fault.
    case config(Evaluation)
    /// No config can be compiled.
    case run(MeasurementError)

    /// What it means when the reference is the config that failed.
    var asReferenceError: MeasurementError {
        switch self {
        case .run(let error): return error
        case .config(let evaluation):
            let reason = evaluation.reason ?? evaluation.outcome.rawValue
            return .referenceFailed("the default config does not compile: \(reason)")
        }
    }
}

extension MeasurementError {
    static let stopped = MeasurementError(
        .workerNotUsable, "the workers were stopped", help: "Nothing is to be done: the run is ending.")
}
