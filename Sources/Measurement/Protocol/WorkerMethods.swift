import ConfigSpace

/// A method of the worker protocol: its name and what goes in and comes out.
///
/// The methods, in the order a worker sees them: `open` once, then `compile` (in compile workers) or `evaluate` and
/// `retime` (in the one timing worker of a device), then `close`. The end of standard input means that the caller has
/// gone, whatever was running.
protocol WorkerMethod {
    associatedtype Params: Codable & Sendable
    associatedtype Result: Codable & Sendable
    static var name: String { get }
}

/// Prepares a worker for a target: inputs are made and the reference is computed, once per worker.
enum OpenMethod: WorkerMethod {
    static let name = "open"

    enum Role: String, Codable, Sendable {
        case compile
        case timing
    }

    struct Params: Codable, Sendable, Equatable {
        var role: Role
        var target: Target
        /// Absolute; made by the worker if it is not there (it may live on another machine than the caller).
        var artifactFolder: String
        /// The default config's artifact, for a timing worker whose reference has to be computed.
        var reference: String?
        /// What a compile worker compiles for, as `Result` told it; nil has it find the device itself. Of GPUs only.
        var architecture: String?
        /// Which of the devices that the worker sees, from 0; nil is the first.
        var device: Int?
    }

    struct Result: Codable, Sendable {
        var device: DeviceDescription
        /// What one run of the reference took; nil where none was run.
        var referenceSeconds: Double?
        /// What code for the device is compiled for, `sm_90a`; nil where that is no question.
        var architecture: String?
        /// What the device was seen to reach; nil where nothing is known of it.
        var limits: DeviceLimits?
        /// Whether a timing worker will measure the limits when it opens, which this worker does not know yet.
        var limitsArePending: Bool?
        /// All devices that the worker sees, where there is a choice.
        var devices: [DeviceChoice]?
        /// The configuration space, where the kernel itself tells it: `{"config_space": […], "constraints": […]}` as in
        /// kernel.json.
        var space: Value?
        /// Configs that the kernel's own compiler would begin a search with.
        var seeds: [Config]?
    }
}

/// A device that kernels could run on.
struct DeviceChoice: Codable, Sendable, Equatable {
    var index: Int
    var name: String
    var architecture: String
}

/// Compiles the target's source with one config into an artifact, a file that the timing worker can load.
enum CompileMethod: WorkerMethod {
    static let name = "compile"

    struct Params: Codable, Sendable, Equatable {
        var config: Config
        /// The config as macros for languages with a preprocessor, `NAME=value` each.
        var macros: [String]
        /// How the kernel is launched, which the artifact keeps; nil for kernels that are called.
        var launch: TargetLaunch?
        /// The artifact's name, new for each compilation of a session.
        var artifactName: String
        /// What a worker that compiles in processes of its own allows each; others are killed by the caller.
        var limitSeconds: Double
    }

    struct Result: Codable, Sendable {
        /// Nil if it does not compile.
        var artifact: String?
        /// Why there is no artifact; nil is `compileError`. `compileTimeout` where the worker itself keeps the limit, `rejected` where the language itself says that this is no config,
        /// `launchError` where it is known already that the device cannot launch it.
        var outcome: Outcome?
        /// The compiler's first error, if it does not compile.
        var reason: String?
        var resources: Resources?
        var seconds: Double
    }
}

/// Verifies an artifact, then warms up and takes the first samples.
enum EvaluateMethod: WorkerMethod {
    static let name = "evaluate"

    struct Params: Codable, Sendable, Equatable {
        var artifact: String
        /// 0 for the inputs of the spec; others give fresh ones, for which the reference is computed anew. Without
        /// effect where the reference is a file.
        var seedOffset: UInt64
        /// Running before the first sample.
        var warmUpSeconds: Double
        /// How many samples to take; 0 verifies only.
        var samples: Int
    }

    struct Result: Codable, Sendable {
        /// `measured`, or why there are no samples: `wrongResult`, `launchError`, `runtimeError`.
        var outcome: Outcome
        var reason: String?
        var samplesMs: [Double]
        /// Runs in each sample: more than one where a single run is too short for the clock. Caches are not flushed
        /// between the runs of one sample.
        var runsPerSample: Int
        var resources: Resources?
        /// Of all verifying, before and after the samples.
        var verifySeconds: Double
        /// What taking the samples cost, flushing included.
        var samplingSeconds: Double = 0
        /// The worker should be replaced before the next config: the kernel left processes behind, or broke the device's state.
        var isSpoiled: Bool
    }
}

/// Takes more samples of artifacts that were verified before, round robin.
enum RetimeMethod: WorkerMethod {
    static let name = "retime"

    struct Params: Codable, Sendable, Equatable {
        var artifacts: [String]
        var rounds: Int
        /// Running of each artifact before its first sample.
        var warmUpSeconds: Double
    }

    struct Result: Codable, Sendable {
        /// `samplesMs[artifact][round]`.
        var samplesMs: [[Double]]
    }
}

/// Has the language's own autotuner search, on the worker's device and arguments.
enum SearchMethod: WorkerMethod {
    static let name = "search"

    struct Params: Codable, Sendable, Equatable {
        /// As the language calls it: "LFBOTreeSearch".
        var autotuner: String
        /// The autotuner is told to end within this.
        var limitSeconds: Double
        /// Where its own log goes, without a suffix.
        var logPath: String
    }

    struct Result: Codable, Sendable {
        var config: Config
        /// What the search took; starting and making the inputs apart.
        var seconds: Double
        /// Configs that it measured or tried to; nil where it does not tell.
        var evaluations: Int?
    }
}

/// Ends the worker's session.
enum CloseMethod: WorkerMethod {
    static let name = "close"

    struct Params: Codable, Sendable, Equatable {
        /// True for timing workers: the folder is removed where it is, which may be another machine. Compile workers may still
        /// be under way elsewhere.
        var removesArtifacts: Bool
    }

    struct Result: Codable, Sendable {}
}

/// A worker's sign of life while it works on a request: the limit on a run counts from the last one.
enum ProgressNotification {
    static let name = "progress"

    struct Params: Codable, Sendable, Equatable {
        /// The request it belongs to.
        var id: Int
    }
}
