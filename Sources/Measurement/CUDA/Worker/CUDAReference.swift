import KernelSpec

/// What results are compared with, in device memory.
struct CUDAReference {
    struct Expected {
        var memory: DeviceMemory
        /// The tolerance's part that does not depend on the element.
        var floor: Double
        /// Of what it holds.
        var checksum: UInt64
    }

    /// By result argument.
    private(set) var expected: [Int: Expected] = [:]
    /// What the run that computed it took; nil where it was read from files.
    private(set) var seconds: Double?

    /// Takes what the kernel computes.
    ///
    /// - Throws: why it cannot serve as a reference (`RPCError`), or as `CUDAVerifier.run`.
    init(_ kernel: LoadedCUDAKernel, _ verifier: CUDAVerifier, heartbeat: Heartbeat) throws {
        let arguments = verifier.arguments
        seconds = try verifier.run(kernel, .first, heartbeat: heartbeat)
        var ambiguous: [Int] = []
        for index in arguments.results {
            guard let memory = arguments.memory(of: index) else { continue }
            let argument = arguments.arguments[index]
            let seen = try verifier.routines.inspect(memory, of: argument.dataType, poison: .first)
            if argument.role == .output, seen.untouchedCount > 0 {
                guard !argument.dataType.isFloat else { throw Self.unwritten(argument, seen.firstUntouched) }
                ambiguous.append(index)
            }
            try Self.refuseNaN(seen, argument)
            let copy = try DeviceMemory(verifier.context, byteCount: memory.byteCount)
            try copy.copy(from: memory)
            expected[index] = Expected(
                memory: copy, floor: verifier.floor(of: argument, rms: seen.rootMeanSquare),
                checksum: try verifier.routines.checksum(copy))
        }
        guard !ambiguous.isEmpty else { return }
        _ = try verifier.run(kernel, .second, heartbeat: heartbeat)
        for index in ambiguous {
            guard let memory = arguments.memory(of: index), let first = expected[index]?.memory else { continue }
            let argument = arguments.arguments[index]
            let seen = try verifier.routines.inspect(memory, of: argument.dataType, poison: .second, where: first)
            if seen.untouchedCount > 0 { throw Self.unwritten(argument, seen.firstUntouched) }
        }
    }

    /// Reads the values from .npy files, by the argument's name.
    init(files: [String: String], _ verifier: CUDAVerifier) throws {
        for index in verifier.arguments.results {
            let argument = verifier.arguments.arguments[index]
            guard let path = files[argument.name] else {
                throw RPCError.referenceFailed("there is no reference file for argument \(argument.name)")
            }
            let bytes: [UInt8]
            do { bytes = try Fill.file(path).bytes(for: argument) } catch { throw RPCError.referenceFailed("\(error)") }
            let memory = try DeviceMemory(verifier.context, byteCount: argument.byteCount)
            try memory.write(bytes)
            let seen = try verifier.routines.inspect(memory, of: argument.dataType, poison: .first)
            try Self.refuseNaN(seen, argument)
            expected[index] = Expected(
                memory: memory, floor: verifier.floor(of: argument, rms: seen.rootMeanSquare),
                checksum: try verifier.routines.checksum(memory))
        }
    }

    /// Whether it is still what was computed.
    func isIntact(_ routines: DeviceRoutines) throws -> Bool {
        try expected.values.allSatisfy { try routines.checksum($0.memory) == $0.checksum }
    }

    private static func unwritten(_ argument: Argument, _ place: Int) -> RPCError {
        .referenceFailed("the reference never writes \(argument.element(place))")
    }

    private static func refuseNaN(_ seen: DeviceRoutines.Report, _ argument: Argument) throws(RPCError) {
        guard seen.nanCount > 0 else { return }
        throw .referenceFailed(
            "the reference has NaN at \(argument.element(seen.firstNaN)); choose inputs that give none")
    }
}
