import KernelSpec

/// Runs kernels to see whether their results are right.
struct CPUVerifier {
    let arguments: CPUArguments
    let verification: TargetVerification

    /// What a run left in the kernel's results, by argument.
    struct Outputs {
        var bytes: [Int: [UInt8]]
        /// Elements that no run wrote.
        var untouched: [Int: [Int]]
    }

    /// Runs the kernel on inputs as they are in the spec, outputs poisoned.
    ///
    /// - Throws: why the result is wrong, whatever was computed: a write outside an argument or into an input.
    func run(_ kernel: LoadedKernel, heartbeat: Heartbeat) throws(WrongResult) -> Outputs {
        let first = try runOnce(kernel, .first, heartbeat)
        var untouched: [Int: [Int]] = [:]
        var isAmbiguous = false
        for index in arguments.results where arguments.arguments[index].role == .output {
            let type = arguments.arguments[index].dataType
            heartbeat.beat()
            let places = Poison.first.untouched(in: first[index] ?? [], of: type)
            untouched[index] = places
            isAmbiguous = isAmbiguous || (!places.isEmpty && !type.isFloat)
        }
        if isAmbiguous {
            let second = try runOnce(kernel, .second, heartbeat)
            for (index, places) in untouched {
                let still = Set(
                    Poison.second.untouched(in: second[index] ?? [], of: arguments.arguments[index].dataType))
                untouched[index] = places.filter(still.contains)
            }
        }
        return Outputs(bytes: first, untouched: untouched)
    }

    private func runOnce(
        _ kernel: LoadedKernel, _ poison: Poison, _ heartbeat: Heartbeat
    ) throws(WrongResult) -> [Int: [UInt8]] {
        arguments.restore(poison, heartbeat: heartbeat)
        heartbeat.beat()
        let process = ProcessIdentity()
        kernel.run(arguments)
        process.endIfForked()
        heartbeat.beat()
        if let misuse = arguments.misuse() { throw WrongResult(reason: misuse) }
        return Dictionary(uniqueKeysWithValues: arguments.results.map { ($0, arguments.bytes(of: $0)) })
    }

    /// Why the outputs are not what the reference computed, in words; nil if they are.
    func difference(_ outputs: Outputs, from reference: CPUReference, heartbeat: Heartbeat) -> String? {
        for index in arguments.results {
            heartbeat.beat()
            let argument = arguments.arguments[index]
            let bytes = outputs.bytes[index] ?? []
            let untouched = outputs.untouched[index] ?? []
            let tolerance = verification.tolerance(for: argument.dataType)
            if let exact = ExactComparison(argument, tolerance) {
                let integers = reference.integers[index] ?? []
                if let why = exact.difference(bytes, from: integers, untouched: untouched) { return why }
                continue
            }
            let expected = reference.values(of: index, argument)
            let values = argument.dataType.decode(bytes)
            heartbeat.beat()
            if let mismatch = tolerance.mismatch(values, reference: expected) {
                return argument.description(of: mismatch, isUntouched: untouched.contains(mismatch.index))
            }
            if let place = untouched.first {
                let mismatch = Tolerance.Mismatch(
                    index: place, value: values[place], expected: expected[place], offCount: untouched.count,
                    count: values.count)
                return argument.description(of: mismatch, isUntouched: true)
            }
        }
        return nil
    }
}
