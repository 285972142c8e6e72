import KernelSpec

/// The arguments of a kernel in device memory, each array between guard zones, with what it holds before a run beside it.
final class CUDAArguments {
    /// An array's memory.
    private struct Place {
        let memory: DeviceMemory
        /// What an input or in-out starts each run as; nil for outputs, which are poisoned.
        let initial: DeviceMemory?
    }

    let arguments: [Argument]
    /// Nil for scalars and for what lies in a module's variable only.
    private let places: [Place?]
    /// What `initial` holds, by argument.
    private var checksums: [Int: UInt64] = [:]
    /// What goes into module variables, by argument.
    private(set) var symbolBytes: [Int: [UInt8]] = [:]

    /// The least length of the zone before and behind each array.
    static let guardBytes = 256 << 10

    init(_ context: CUDAContext, _ arguments: [Argument]) throws(CUDAError) {
        self.arguments = arguments
        var places: [Place?] = []
        for argument in arguments {
            guard argument.isInMemory else {
                places.append(nil)
                continue
            }
            places.append(
                Place(
                    memory: try DeviceMemory(context, byteCount: argument.byteCount, guardBytes: Self.guardBytes),
                    initial: argument.role == .output
                        ? nil : try DeviceMemory(context, byteCount: argument.byteCount)))
        }
        self.places = places
    }

    /// Device memory that verifying and timing kernels with these arguments takes: the arrays with their guards, what
    /// they start as, and what they should become.
    static func footprint(_ arguments: [Argument]) -> Int {
        arguments.filter(\.isInMemory).reduce(0) { sum, argument in
            let copies = argument.role == .inOut ? 2 : 1
            return sum + DeviceMemory.footprint(byteCount: argument.byteCount, guardBytes: guardBytes)
                + copies * DeviceMemory.footprint(byteCount: argument.byteCount, guardBytes: 0)
        }
    }

    /// Makes the inputs, on the device where it can be; another `seedOffset` makes fresh ones.
    func makeInputs(seedOffset: UInt64, _ routines: DeviceRoutines, heartbeat: Heartbeat) throws {
        for (index, argument) in arguments.enumerated() {
            heartbeat.beat()
            if argument.symbol != nil { symbolBytes[index] = try argument.bytes(seedOffset: seedOffset) }
            if let initial = places[index]?.initial {
                if try !routines.fill(initial, as: argument, seedOffset: seedOffset) {
                    try initial.write(try argument.bytes(seedOffset: seedOffset))
                }
                checksums[index] = try routines.checksum(initial)
            }
        }
    }

    /// Whether what inputs start as is still what was made.
    func isIntact(_ routines: DeviceRoutines) throws -> Bool {
        for (index, checksum) in checksums {
            guard let initial = places[index]?.initial else { continue }
            guard try routines.checksum(initial) == checksum else { return false }
        }
        return true
    }

    /// What is passed to the kernel, in the order of its parameters.
    var launchArguments: [LaunchArgument] {
        get throws {
            try arguments.indices.compactMap { index in
                if let place = places[index] { return LaunchArgument(place.memory.address) }
                return arguments[index].symbol == nil ? LaunchArgument(scalar: try arguments[index].bytes()) : nil
            }
        }
    }

    /// Puts everything back to before a run: inputs as they were, outputs poisoned, guards whole.
    func restore(_ poison: Poison) throws(CUDAError) {
        for (argument, place) in zip(arguments, places) {
            guard let place else { continue }
            try place.memory.resetGuards()
            if let initial = place.initial {
                try place.memory.copy(from: initial)
            } else {
                try place.memory.fill(pattern: Array(poison.element(of: argument.dataType).prefix(4)))
            }
        }
    }

    /// What is read and written starts each sample the same, so that nothing piles up while a kernel is timed.
    func restoreInOut() throws(CUDAError) {
        for (argument, place) in zip(arguments, places) where argument.role == .inOut {
            if let place, let initial = place.initial { try place.memory.copy(from: initial) }
        }
    }

    /// The arguments whose content is the kernel's result.
    var results: [Int] { arguments.indices.filter { arguments[$0].role == .output || arguments[$0].role == .inOut } }

    /// - Parameter index: of an array that lies in memory.
    func memory(of index: Int) -> DeviceMemory? { places[index]?.memory }

    /// The first write outside an argument or into an input, in words.
    func misuse(_ routines: DeviceRoutines) throws -> WrongResult? {
        for (argument, place) in zip(arguments, places) {
            guard let place else { continue }
            switch try place.memory.damage() {
            case .after(let bytes):
                return WrongResult(
                    reason: "wrote outside argument \(argument.name): \(Self.bytes(bytes)) past its end", isStray: true)
            case .before(let bytes):
                return WrongResult(
                    reason: "wrote outside argument \(argument.name): \(Self.bytes(bytes)) before its start",
                    isStray: true)
            case nil: break
            }
            guard argument.role == .input, let initial = place.initial,
                let offset = try routines.firstDifference(place.memory, initial)
            else { continue }
            let element = argument.element(offset / argument.dataType.byteCount)
            return WrongResult(reason: "wrote into argument \(argument.name), which is an input, near \(element)")
        }
        return nil
    }

    private static func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
}

extension Argument {
    /// An array that is passed to the kernel by its address.
    fileprivate var isInMemory: Bool { role != nil && isParameter }
}
