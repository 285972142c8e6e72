import ConfigSpace
import KernelSpec

/// The least times that a device's measured limits leave for the spec's workload (Williams, Waterman and Patterson 2009).
struct Roofline: Equatable {
    struct Roof: Equatable {
        var seconds: Double
        /// "copy bandwidth", "float16 matrix throughput".
        var limit: String
    }

    private(set) var memory: Roof?
    private(set) var arithmetic: Roof?

    /// Below this many operations for each byte memory is what limits any device of today, whatever its matrix rates are.
    private static let memoryBoundIntensity = 10.0
    /// Below this share of what is moved, writing does not slow down reading to the rate of a copy.
    private static let writtenShareOfReading = 0.1

    /// Nil where the spec tells no workload, or the limit that would be nearest is not known.
    init?(_ spec: KernelSpec, _ config: Config, limits: DeviceLimits?) {
        guard let limits, let workload = spec.workload else { return nil }
        func amount(_ expression: Expression?) -> Double {
            (try? expression?.evaluateDouble { spec.configSpace.value(of: $0, in: config) }) ?? 0
        }
        let (bytes, operations) = (amount(workload.bytes), amount(workload.flops))
        if bytes > 0, let (rate, limit) = Self.bandwidth(spec, bytes: bytes, limits) {
            memory = Roof(seconds: bytes / rate, limit: limit)
        }
        if operations > 0 {
            let type = Self.matrixType(spec.arguments)
            if let type, let rate = limits.matrixOperationsPerSecond[type.rawValue], rate > 0 {
                arithmetic = Roof(seconds: operations / rate, limit: "\(type.rawValue) matrix throughput")
            } else if bytes == 0 || operations / bytes > Self.memoryBoundIntensity {
                return nil
            }
        }
        guard memory != nil || arithmetic != nil else { return nil }
    }

    /// The limit that is reached first.
    var nearest: Roof? {
        [memory, arithmetic].compactMap { $0 }.max { $0.seconds < $1.seconds }
    }

    /// For the prompt.
    var fact: DeviceDescription.Fact? {
        let roofs = [memory, arithmetic].compactMap { $0 }.sorted { $0.seconds > $1.seconds }
        guard !roofs.isEmpty else { return nil }
        let texts = roofs.map { "\(($0.seconds * 1e7).rounded() / 1e4) ms by the \($0.limit)" }
        return .init(name: "Least time of this kernel", value: texts.joined(separator: ", "))
    }

    /// What nearly only reads is held to the rate of reading, all else to that of a copy.
    private static func bandwidth(
        _ spec: KernelSpec, bytes: Double, _ limits: DeviceLimits
    ) -> (rate: Double, limit: String)? {
        func moved(_ roles: Set<Argument.Role>) -> Double {
            spec.arguments.reduce(0) { sum, argument in
                guard let role = argument.role, roles.contains(role) else { return sum }
                return sum + Double(argument.byteCount)
            }
        }
        let read = moved([.input, .inOut])
        var written = moved([.output, .inOut])
        // What a Helion function writes may be no argument: it returns it.
        if spec.kernel.language.tellsSpace { written = max(written, bytes - read) }
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
