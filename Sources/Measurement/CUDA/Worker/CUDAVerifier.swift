import KernelSpec

/// Runs kernels on the device to see whether their results are right.
struct CUDAVerifier {
    let context: CUDAContext
    let arguments: CUDAArguments
    let routines: DeviceRoutines
    let verification: TargetVerification

    /// Runs the kernel on the inputs, outputs poisoned.
    ///
    /// - Returns: seconds from the launch to its end.
    /// - Throws: `WrongResult` for a write outside an argument or into an input; the driver's `CUDAError`.
    func run(_ kernel: LoadedCUDAKernel, _ poison: Poison, heartbeat: Heartbeat) throws -> Double {
        try arguments.restore(poison)
        try kernel.writeSymbols(arguments)
        try context.synchronize()
        heartbeat.beat()
        let start = MonotonicClock.nanoseconds()
        try kernel.run()
        try context.synchronize()
        let seconds = MonotonicClock.seconds(since: start)
        heartbeat.beat()
        if let misuse = try arguments.misuse(routines) { throw misuse }
        return seconds
    }

    /// - Throws: `WrongResult` where the results are not the reference's, and as `run`.
    func verify(_ kernel: LoadedCUDAKernel, against reference: CUDAReference, heartbeat: Heartbeat) throws {
        _ = try run(kernel, .first, heartbeat: heartbeat)
        var isAmbiguous = false
        for (index, memory, expected) in results(with: reference) {
            heartbeat.beat()
            let argument = arguments.arguments[index]
            let tolerance = verification.tolerance(for: argument.dataType)
            let seen = try routines.compare(
                memory, with: expected.memory, of: argument.dataType, relative: tolerance.relative,
                floor: expected.floor, isExact: ExactComparison(argument, tolerance) != nil)
            guard seen.offCount == 0 else {
                throw try difference(
                    at: seen.firstOff, count: seen.offCount, index, memory, expected, kernel, heartbeat)
            }
            guard argument.role == .output, !argument.dataType.isFloat else { continue }
            let poisoned = try routines.inspect(memory, of: argument.dataType, poison: .first)
            isAmbiguous = isAmbiguous || poisoned.untouchedCount > 0
        }
        guard isAmbiguous else { return }
        // An integer's poison may be the right result by chance; another poison tells.
        _ = try run(kernel, .second, heartbeat: heartbeat)
        for (index, memory, expected) in results(with: reference) where arguments.arguments[index].role == .output {
            let argument = arguments.arguments[index]
            let seen = try routines.inspect(memory, of: argument.dataType, poison: .second, where: expected.memory)
            guard seen.untouchedCount == 0 else {
                throw try Self.wrong(
                    argument, at: seen.firstUntouched, count: seen.untouchedCount, memory, expected, isUntouched: true)
            }
        }
    }

    /// The tolerance's part that does not depend on the element.
    func floor(of argument: Argument, rms: Double) -> Double {
        verification.tolerance(for: argument.dataType).floor(rms: rms)
    }

    private func results(
        with reference: CUDAReference
    ) -> [(index: Int, memory: DeviceMemory, expected: CUDAReference.Expected)] {
        arguments.results.compactMap { index in
            guard let memory = arguments.memory(of: index), let expected = reference.expected[index] else { return nil }
            return (index, memory, expected)
        }
    }

    private func difference(
        at place: Int, count: Int, _ index: Int, _ memory: DeviceMemory, _ expected: CUDAReference.Expected,
        _ kernel: LoadedCUDAKernel, _ heartbeat: Heartbeat
    ) throws -> WrongResult {
        let argument = arguments.arguments[index]
        let wrong = try Self.wrong(argument, at: place, count: count, memory, expected, isUntouched: false)
        guard argument.role == .output, try Self.holds(.first, memory, argument.dataType, place) else { return wrong }
        if !argument.dataType.isFloat {
            _ = try run(kernel, .second, heartbeat: heartbeat)
            guard try Self.holds(.second, memory, argument.dataType, place) else { return wrong }
        }
        return try Self.wrong(argument, at: place, count: count, memory, expected, isUntouched: true)
    }

    private static func holds(
        _ poison: Poison, _ memory: DeviceMemory, _ type: DataType, _ place: Int
    ) throws(CUDAError) -> Bool {
        try memory.element(place, of: type) == poison.element(of: type)
    }

    private static func wrong(
        _ argument: Argument, at place: Int, count: Int, _ memory: DeviceMemory, _ expected: CUDAReference.Expected,
        isUntouched: Bool
    ) throws(CUDAError) -> WrongResult {
        let type = argument.dataType
        let value = isUntouched ? nil : argument.text(of: try memory.element(place, of: type))
        return WrongResult(
            reason: argument.description(
                ofElement: place, value: value,
                expected: argument.text(of: try expected.memory.element(place, of: type)),
                offCount: count, count: argument.elementCount))
    }
}

extension DeviceMemory {
    fileprivate func element(_ index: Int, of type: DataType) throws(CUDAError) -> [UInt8] {
        try bytes(at: index * type.byteCount, count: type.byteCount)
    }
}
