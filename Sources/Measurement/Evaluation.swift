public import ConfigSpace

/// How the evaluation of a config ended.
public enum Outcome: String, Sendable, Codable, CaseIterable {
    case measured
    case rejected
    case compileError
    case compileTimeout
    case launchError
    case runtimeError
    case runTimeout
    case wrongResult
    case workerLost
    /// A recording has no entry for the config: neither a failure nor a result.
    case notRecorded

    /// Whether the config itself is at fault.
    public var isFailure: Bool { self != .measured && self != .notRecorded && self != .rejected }
}

/// What is known of a config once it was evaluated.
public struct Evaluation: Sendable, Codable, Equatable {
    public var config: Config
    public var outcome: Outcome
    /// Why it is not `measured`, in one line a person and a model can act on.
    public var reason: String?
    public var timing: Timing?
    public var resources: Resources?
    public var seconds: PhaseSeconds
    /// The device's number, where several measure.
    public var device: Int?

    public init(
        config: Config, outcome: Outcome, reason: String? = nil, timing: Timing? = nil, resources: Resources? = nil,
        seconds: PhaseSeconds = PhaseSeconds(), device: Int? = nil
    ) {
        self.config = config
        self.outcome = outcome
        self.reason = reason
        self.timing = timing
        self.resources = resources
        self.seconds = seconds
        self.device = device
    }

    /// The median time, if the config was measured.
    public var timeMs: Double? { outcome == .measured ? timing?.medianMs : nil }
}

/// What repeated timings of one config say together.
public struct Timing: Sendable, Codable, Equatable {
    public var medianMs: Double
    /// The 95 % confidence interval of the median (order statistics).
    public var lowMs: Double
    public var highMs: Double
    public var samples: Int
    /// True where timing stopped after the first samples because all were far slower than the best.
    public var abandoned: Bool
    /// Whether a config timed side by side (`Evaluator.retime`) cannot be told from the fastest of its comparison, which is
    /// tied with itself; false where nothing was compared.
    public var isTiedWithFastest: Bool

    public init(
        medianMs: Double, lowMs: Double, highMs: Double, samples: Int, abandoned: Bool = false,
        isTiedWithFastest: Bool = false
    ) {
        self.medianMs = medianMs
        self.lowMs = lowMs
        self.highMs = highMs
        self.samples = samples
        self.abandoned = abandoned
        self.isTiedWithFastest = isTiedWithFastest
    }

    /// A timing that says nothing of ties has none: journals of before it did.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        medianMs = try container.decode(Double.self, forKey: .medianMs)
        lowMs = try container.decode(Double.self, forKey: .lowMs)
        highMs = try container.decode(Double.self, forKey: .highMs)
        samples = try container.decode(Int.self, forKey: .samples)
        abandoned = try container.decode(Bool.self, forKey: .abandoned)
        isTiedWithFastest = try container.decodeIfPresent(Bool.self, forKey: .isTiedWithFastest) ?? false
    }
}

/// What the compiled kernel takes of the device; nil is unknown.
public struct Resources: Sendable, Codable, Equatable {
    public var registersPerThread: Int?
    public var spillBytes: Int?
    public var sharedMemoryBytes: Int?
    /// Resident warps over the most the device can hold, 0...1.
    public var occupancy: Double?
    /// Achieved share of the device's measured limit, and which limit that is. It may be a little over 1, where
    /// the limit was measured low.
    public var shareOfLimit: Double?
    public var limit: String?
    /// Bytes of machine code.
    public var codeBytes: Int?

    public init(
        registersPerThread: Int? = nil, spillBytes: Int? = nil, sharedMemoryBytes: Int? = nil, occupancy: Double? = nil,
        shareOfLimit: Double? = nil, limit: String? = nil, codeBytes: Int? = nil
    ) {
        self.registersPerThread = registersPerThread
        self.spillBytes = spillBytes
        self.sharedMemoryBytes = sharedMemoryBytes
        self.occupancy = occupancy
        self.shareOfLimit = shareOfLimit
        self.limit = limit
        self.codeBytes = codeBytes
    }
}

extension Resources {
    /// What is known, by the names that result files use.
    public var named: [(name: String, value: Value)] {
        var named: [(name: String, value: Value)] = []
        func add(_ name: String, _ value: Value?) {
            if let value { named.append((name, value)) }
        }
        add("registers_per_thread", registersPerThread.map(Value.int))
        add("spill_bytes", spillBytes.map(Value.int))
        add("shared_memory_bytes", sharedMemoryBytes.map(Value.int))
        add("occupancy", occupancy.map(Value.double))
        add("share_of_limit", shareOfLimit.map(Value.double))
        add("limit", limit.map(Value.string))
        add("code_bytes", codeBytes.map(Value.int))
        return named
    }

    /// The same from a file; nil where none of these is named.
    init?(_ value: (_ name: String) -> Value?) {
        func int(_ name: String) -> Int? { if case .int(let number)? = value(name) { number } else { nil } }
        func double(_ name: String) -> Double? {
            switch value(name) {
            case .double(let number)?: number
            case .int(let number)?: Double(number)
            default: nil
            }
        }
        self.init(
            registersPerThread: int("registers_per_thread"), spillBytes: int("spill_bytes"),
            sharedMemoryBytes: int("shared_memory_bytes"), occupancy: double("occupancy"),
            shareOfLimit: double("share_of_limit"), codeBytes: int("code_bytes"))
        if case .string(let text)? = value("limit") { limit = text }
        guard self != Resources() else { return nil }
    }
}

/// Seconds spent on one config, by phase.
public struct PhaseSeconds: Sendable, Codable, Equatable {
    public var compile: Double
    public var verify: Double
    public var time: Double

    public init(compile: Double = 0, verify: Double = 0, time: Double = 0) {
        self.compile = compile
        self.verify = verify
        self.time = time
    }
}
