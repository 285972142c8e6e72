import ConfigSpace
import KernelSpec

/// How near a time comes to what the device's limits leave for the spec's workload: the roofline (Williams, Waterman and
/// Patterson 2009), with measured rates for its two roofs.
struct LimitShare: Equatable {
    /// The least time that the limits leave, over the time taken; a little over 1 where a limit was measured low.
    var share: Double
    /// The limit that is nearer: "copy bandwidth", "float16 matrix throughput".
    var limit: String

    /// Below this many operations for each byte memory is what limits any device of today, whatever its matrix rates are.
    private static let memoryBoundIntensity = 10.0
    /// Below this share of what is moved, writing does not slow down reading to the rate of a copy.
    private static let writtenShareOfReading = 0.1

    /// Nil where the spec tells no workload, or the device no limit for it.
    init?(_ spec: KernelSpec, _ config: Config, limits: DeviceLimits?, timeMs: Double) {
        guard let limits, let workload = spec.workload, timeMs > 0 else { return nil }
        func amount(_ expression: Expression?) -> Double {
            (try? expression?.evaluateDouble { spec.configSpace.value(of: $0, in: config) }) ?? 0
        }
        let (bytes, operations) = (amount(workload.bytes), amount(workload.flops))
        var roofs: [(seconds: Double, limit: String)] = []
        if bytes > 0, let (rate, limit) = Self.bandwidth(spec.arguments, limits) {
            roofs.append((bytes / rate, limit))
        }
        if operations > 0 {
            let type = Self.matrixType(spec.arguments)
            if let type, let rate = limits.matrixOperationsPerSecond[type.rawValue], rate > 0 {
                roofs.append((operations / rate, "\(type.rawValue) matrix throughput"))
            } else if bytes == 0 || operations / bytes > Self.memoryBoundIntensity {
                return nil
            }
        }
        guard let roof = roofs.max(by: { $0.seconds < $1.seconds }) else { return nil }
        (share, limit) = (roof.seconds / (timeMs * 1e-3), roof.limit)
    }

    /// What nearly only reads is held to the rate of reading, all else to that of a copy.
    private static func bandwidth(_ arguments: [Argument], _ limits: DeviceLimits) -> (rate: Double, limit: String)? {
        func moved(_ roles: Set<Argument.Role>) -> Double {
            arguments.reduce(0) { sum, argument in
                guard let role = argument.role, roles.contains(role) else { return sum }
                return sum + Double(argument.byteCount)
            }
        }
        let (read, written) = (moved([.input, .inOut]), moved([.output, .inOut]))
        if written < writtenShareOfReading * (read + written), let rate = limits.readBytesPerSecond, rate > 0 {
            return (rate, "read bandwidth")
        }
        guard let rate = limits.copyBytesPerSecond, rate > 0 else { return nil }
        return (rate, "copy bandwidth")
    }

    /// The type that matrix units would be fed: that of the largest input.
    private static func matrixType(_ arguments: [Argument]) -> DataType? {
        arguments.filter { $0.role == .input || $0.role == .inOut }.max { $0.byteCount < $1.byteCount }?.dataType
    }
}
