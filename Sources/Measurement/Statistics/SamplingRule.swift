/// When the timing of one config has samples enough. It lives on the calling side alone: a worker takes the samples it
/// is asked for and concludes nothing.
struct SamplingRule: Sendable {
    var limits: SamplingLimits
    /// The median of the best config so far; nil while there is none.
    var bestMs: Double?

    enum Decision: Equatable {
        /// Take so many more.
        case take(Int)
        case enough
        /// The first samples are all far slower than the best: not worth more of the device.
        case abandon
    }

    /// Whether so much may hang on a config's time that it is taken again once the device has settled under it.
    ///
    /// A kernel that draws all the power there is seems up to a tenth faster where something milder ran before it; what is
    /// far behind the best even so is none.
    func isContender(_ samples: [Double]) -> Bool {
        guard let median = MedianInterval.median(of: samples) else { return false }
        return bestMs.map { median <= limits.contenderRatio * $0 } ?? true
    }

    /// - Parameters:
    ///   - samples: milliseconds, in the order they were taken.
    ///   - seconds: what taking them cost, flushing included.
    func decide(samples: [Double], seconds: Double) -> Decision {
        let first = limits.samplesBeforeAbandoning
        guard samples.count >= first else { return .take(first - samples.count) }
        if let bestMs, samples.prefix(first).allSatisfy({ $0 > limits.abandonRatio * bestMs }) { return .abandon }
        guard samples.count >= limits.minimumSamples else { return .take(limits.minimumSamples - samples.count) }
        guard samples.count < limits.maximumSamples else { return .enough }
        let secondsPerSample = max(seconds / Double(samples.count), 1e-6)
        if seconds < limits.leastSeconds {
            let more = ((limits.leastSeconds - seconds) / secondsPerSample).rounded(.up)
            return .take(min(max(1, Int(more)), limits.maximumSamples - samples.count))
        }
        guard let interval = MedianInterval(of: samples), interval.relativeHalfWidth > limits.targetRelativeHalfWidth,
            seconds < limits.limitSeconds
        else { return .enough }
        let affordable = min(limits.chunkSeconds, limits.limitSeconds - seconds) / secondsPerSample
        let more = max(1, Int(min(affordable, Double(limits.maximumSamples))))
        return .take(min(more, limits.maximumSamples - samples.count))
    }
}

/// How long and how precisely configs are timed; every default of measuring time is here.
public struct SamplingLimits: Sendable, Equatable {
    /// Running before the first sample, so that clocks and caches settle.
    public var warmUpSeconds = 0.1
    /// The same on a device that was busy until just now: its clocks are up.
    public var busyWarmUpSeconds = 0.025
    /// A device that had nothing to do for longer is no longer busy.
    public var busySeconds = 0.05
    /// Taken however slow the kernel is, unless it is abandoned.
    public var minimumSamples = 5
    public var maximumSamples = 500
    /// Sampling goes on for so long at least: a device at its power limit changes its clocks from one millisecond to the
    /// next, and a median of neighbouring samples would take one such moment for the kernel's time.
    public var leastSeconds = 0.02
    /// A config whose time is at most so many times the best so far is timed again after the kernel ran for the settling time.
    public var contenderRatio = 1.05
    public var settlingSeconds = 0.15
    /// Sampling stops once the 95 % interval of the median is within this share of it on either side.
    public var targetRelativeHalfWidth = 0.01
    /// The most time that one config's sampling takes, once it has the minimum.
    public var limitSeconds = 1.0
    /// How often the worker hands its samples back to be judged.
    public var chunkSeconds = 0.1
    /// A config whose first samples are all slower than this many times the best is abandoned.
    public var abandonRatio = 2.0
    public var samplesBeforeAbandoning = 3
    /// The most time that one side-by-side comparison takes, once it has its minimum of rounds.
    public var sideBySideLimitSeconds = 10.0
    public var sideBySideMinimumRounds = 8
    public var sideBySideMaximumRounds = 400

    public init() {}

    /// - Parameter idle: since the device did something; nil if it never did.
    func warmUp(afterIdleSeconds idle: Double?) -> Double {
        guard let idle, idle <= busySeconds else { return warmUpSeconds }
        return min(busyWarmUpSeconds, warmUpSeconds)
    }
}
