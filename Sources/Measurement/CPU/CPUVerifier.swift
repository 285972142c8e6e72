import KernelSpec

/// Runs kernels to see whether their results are right.
struct CPUVerifier {
    let arguments: CPUArguments
    let tolerance: Tolerance

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
            let expected = reference.values[index] ?? []
            let values = argument.dataType.decode(outputs.bytes[index] ?? [])
            heartbeat.beat()
            let untouched = outputs.untouched[index] ?? []
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

/// What results are compared with: the values of each result argument.
struct CPUReference {
    var values: [Int: [Double]]
    /// What the run that computed them took; nil where they were read from files.
    var seconds: Double?

    /// - Throws: why outputs cannot serve as a reference, in words.
    init(_ outputs: CPUVerifier.Outputs, of arguments: CPUArguments, seconds: Double) throws(RPCError) {
        values = [:]
        self.seconds = seconds
        for index in arguments.results {
            let argument = arguments.arguments[index]
            if let place = outputs.untouched[index]?.first {
                throw .referenceFailed("the reference never writes \(argument.element(place))")
            }
            let decoded = argument.dataType.decode(outputs.bytes[index] ?? [])
            try Self.refuseNaN(in: decoded, argument)
            values[index] = decoded
        }
    }

    /// Reads the values from .npy files, by the argument's name.
    init(files: [String: String], of arguments: CPUArguments) throws(RPCError) {
        values = [:]
        for index in arguments.results {
            let argument = arguments.arguments[index]
            guard let path = files[argument.name] else {
                throw .referenceFailed("there is no reference file for argument \(argument.name)")
            }
            do {
                values[index] = argument.dataType.decode(try Fill.file(path).bytes(for: argument))
            } catch {
                throw .referenceFailed("\(error)")
            }
            try Self.refuseNaN(in: values[index] ?? [], argument)
        }
    }

    private static func refuseNaN(in values: [Double], _ argument: Argument) throws(RPCError) {
        guard let place = values.firstIndex(where: \.isNaN) else { return }
        throw .referenceFailed("the reference has NaN at \(argument.element(place)); choose inputs that give none")
    }
}
