import KernelSpec

/// What results are compared with: what each result argument has to hold.
struct CPUReference {
    /// The bytes of integers, which no Double holds exactly beyond 2^53.
    private(set) var integers: [Int: [UInt8]] = [:]
    /// The values of all others.
    private var values: [Int: [Double]] = [:]
    /// What the run that computed them took; nil where they were read from files.
    private(set) var seconds: Double?

    /// - Throws: why outputs cannot serve as a reference, in words.
    init(_ outputs: CPUVerifier.Outputs, of arguments: CPUArguments, seconds: Double) throws(RPCError) {
        self.seconds = seconds
        for index in arguments.results {
            let argument = arguments.arguments[index]
            if let place = outputs.untouched[index]?.first {
                throw .referenceFailed("the reference never writes \(argument.element(place))")
            }
            try keep(outputs.bytes[index] ?? [], of: index, argument)
        }
    }

    /// Reads the values from .npy files, by the argument's name.
    init(files: [String: String], of arguments: CPUArguments) throws(RPCError) {
        for index in arguments.results {
            let argument = arguments.arguments[index]
            guard let path = files[argument.name] else {
                throw .referenceFailed("there is no reference file for argument \(argument.name)")
            }
            let bytes: [UInt8]
            do { bytes = try Fill.file(path).bytes(for: argument) } catch { throw .referenceFailed("\(error)") }
            try keep(bytes, of: index, argument)
        }
    }

    /// The argument's values; those of integers are the nearest Doubles.
    func values(of index: Int, _ argument: Argument) -> [Double] {
        values[index] ?? argument.dataType.decode(integers[index] ?? [])
    }

    private mutating func keep(_ bytes: [UInt8], of index: Int, _ argument: Argument) throws(RPCError) {
        if argument.dataType.isInteger {
            integers[index] = bytes
            return
        }
        let decoded = argument.dataType.decode(bytes)
        if let place = decoded.firstIndex(where: \.isNaN) {
            throw .referenceFailed(
                "the reference has NaN at \(argument.element(place)); choose inputs that give none")
        }
        values[index] = decoded
    }
}
