public import ConfigSpace

extension Argument {
    /// Elements of an array; 1 for a scalar.
    public var elementCount: Int {
        switch kind {
        case .scalar: 1
        case .array(let shape, _, _): shape.reduce(1, *)
        }
    }

    public var byteCount: Int { elementCount * dataType.byteCount }

    /// Nil for a scalar.
    public var role: Role? {
        guard case .array(_, _, let role) = kind else { return nil }
        return role
    }

    /// The argument's bytes before a run, little-endian: a scalar's value, or what its fill gives.
    ///
    /// - Parameter seedOffset: another one gives other random numbers, for a verification on fresh inputs. Fills without
    ///   a seed, files among them, give the same for all.
    /// - Throws: a `SpecError` when a .npy file cannot be read or does not fit.
    public func bytes(seedOffset: UInt64 = 0) throws(SpecError) -> [UInt8] {
        switch kind {
        case .scalar(let value): dataType.encode(scalar: value)
        case .array(_, let fill, _): try fill.bytes(for: self, seedOffset: seedOffset)
        }
    }
}

extension Fill {
    /// The bytes of all elements of `argument`, little-endian, as they lie in memory.
    ///
    /// Fills run through memory, whatever its order; a file's elements come to their places. Element i of a random fill depends on the seed, the offset and i alone (see `CounterRandom`), and is the same on
    /// every machine. Values are computed in float64, then rounded to the element type (`DataType.encode`), which may
    /// round a uniform value up to `high`.
    ///
    /// - Throws: a `SpecError` when a .npy file cannot be read or does not fit.
    public func bytes(for argument: Argument, seedOffset: UInt64 = 0) throws(SpecError) -> [UInt8] {
        let count = argument.elementCount
        let type = argument.dataType
        switch self {
        case .zeros:
            return [UInt8](repeating: 0, count: argument.byteCount)
        case .constant(let value):
            return Self.chunked(count, type) { _ in value }
        case .uniform(let low, let high, let seed):
            let random = CounterRandom(seed: seed &+ seedOffset)
            let width = high - low
            return Self.chunked(count, type) { min(low + width * random.unit($0), high.nextDown) }
        case .normal(let mean, let standardDeviation, let seed):
            let random = CounterRandom(seed: seed &+ seedOffset)
            return Self.chunked(count, type) { mean + standardDeviation * random.normal($0) }
        case .arange(let start, let step):
            return Self.chunked(count, type) { start + step * Double($0) }
        case .integers(let low, let high, let seed):
            let random = CounterRandom(seed: seed &+ seedOffset)
            return Self.chunkedIntegers(count, type) { random.integer($0, low: low, high: high) }
        case .file(let path):
            return try NumPyFile(path: path).elements(for: argument)
        }
    }

    /// Elements are made a few thousand at a time, so that no array of Doubles stands beside the bytes.
    private static let chunk = 4096

    @inline(__always)
    private static func chunked(_ count: Int, _ type: DataType, _ value: (Int) -> Double) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * type.byteCount)
        for start in stride(from: 0, to: count, by: chunk) {
            type.append((start..<min(start + chunk, count)).map(value), to: &bytes)
        }
        return bytes
    }

    @inline(__always)
    private static func chunkedIntegers(_ count: Int, _ type: DataType, _ value: (Int) -> Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * type.byteCount)
        for start in stride(from: 0, to: count, by: chunk) {
            type.append(integers: (start..<min(start + chunk, count)).map(value), to: &bytes)
        }
        return bytes
    }
}

extension DataType {
    /// The bytes of one number or truth value, integers exactly; zeros for a value that is neither.
    public func encode(scalar value: Value) -> [UInt8] {
        var bytes: [UInt8] = []
        switch value {
        case .int(let number): append(integers: [number], to: &bytes)
        case .double(let number): append([number], to: &bytes)
        case .bool(let truth): append([truth ? 1 : 0], to: &bytes)
        default: bytes = [UInt8](repeating: 0, count: byteCount)
        }
        return bytes
    }
}
