import KernelSpec

/// How workers are started, and how long and precisely they measure. All defaults are here and in `SamplingLimits`.
public struct EvaluatorOptions: Sendable {
    /// What starts a worker on its machine, before the worker's own command: empty here, `["ssh", "host"]`,
    /// `["srun", "--gpus=1"]`, … The artifacts' folder and the source must be reachable there under the same paths.
    public var launcher: [String]
    /// The worker's program and arguments: the path of this program, then "worker".
    public var workerCommand: [String]
    /// The interpreter that runs the worker for kernels in Python: a path, or a name to be found in PATH.
    public var python = Self.defaultPython
    public static let defaultPython = "python3"
    /// How many configs are compiled at once; nil is the backend's choice: for a GPU as many as there are cores, for the
    /// CPU one less (at least one), since the device that is being timed is the one that compiles.
    public var compileJobs: Int?
    public static let defaultCompileLimitSeconds = CompileLimit.mostSeconds
    /// The longest that one config may take to compile; nil follows what configs usually take (`CompileLimit`).
    public var compileLimitSeconds: Double?
    /// The longest that one run of a kernel may take; nil follows the best so far (`RunLimit`).
    public var runLimitSeconds: Double?
    /// The longest that a worker may take, without a sign of life, to make the inputs and compute the reference.
    public var openLimitSeconds = 60.0
    /// Where several devices are, which of them measure.
    public var devices = DeviceSelection.first
    /// Chooses the fresh inputs that finalists are verified on.
    public var seed: UInt64 = 0
    public var sampling = SamplingLimits()
    /// Takes one-line remarks for the user's log.
    public var notice: @Sendable (String) -> Void = { _ in }

    public init(workerCommand: [String], launcher: [String] = [], compileJobs: Int? = nil) {
        self.workerCommand = workerCommand
        self.launcher = launcher
        self.compileJobs = compileJobs
    }

    /// What starts a worker for kernels in a language.
    func command(for language: Language) throws(MeasurementError) -> [String] {
        guard language.isPython else { return launcher + workerCommand }
        return launcher + [python, try PythonWorker.install()]
    }
}

/// The longest that compiling may take, from what it usually takes for this kernel: a device that waits for one config
/// measures no other.
///
/// In eight full searches of Helion kernels no config within 5 % of the best took more than 2.7 times the median, and the
/// fastest of those beyond this limit took 1.6 times the best's time (Docs/Results.md).
enum CompileLimit {
    static let mostSeconds = 15.0
    static let leastSeconds = 3.0
    static let usualMultiple = 8.0

    /// - Parameter usual: the median of what was compiled; nil where nothing was.
    static func seconds(fixed: Double?, usual: Double?) -> Double {
        if let fixed { return fixed }
        guard let usual else { return mostSeconds }
        return min(max(usualMultiple * usual, leastSeconds), mostSeconds)
    }
}

/// The longest a run may go without a sign of life, from what is known of the kernel's speed: generous, since a config
/// that is merely slow should be told from one that hangs.
enum RunLimit {
    /// Nothing is known but, perhaps, what the reference took.
    static let firstFloorSeconds = 10.0
    static let referenceMultiple = 20.0
    /// The floor covers restoring the inputs, comparing the outputs and flushing the caches.
    static let floorSeconds = 5.0
    static let bestMultiple = 50.0
    /// A worker's signs of life come every 0.1 s at most (`Heartbeat`): below this, silence would mean nothing.
    static let shortestSeconds = 0.5

    /// What to allow the reference beyond the limit, which follows the best: it may be as slow as it likes.
    static func forReference(seconds: Double?) -> Double { 3 * (seconds ?? 0) }

    static func seconds(fixed: Double?, bestMs: Double?, referenceSeconds: Double?) -> Double {
        if let fixed { return max(fixed, shortestSeconds) }
        guard let bestMs else { return max(firstFloorSeconds, referenceMultiple * (referenceSeconds ?? 0)) }
        return max(floorSeconds, bestMultiple * bestMs / 1_000)
    }
}
