import KernelSpec

/// What the timing worker has the device itself do with arguments: make inputs, compare outputs, look for poison.
///
/// Results of 64 million elements are so compared in a millisecond, where downloading and decoding them takes seconds.
final class DeviceRoutines {
    private let context: CUDAContext
    private let compare: CUDAFunction
    private let inspect: CUDAFunction
    private let differ: CUDAFunction
    private let sum: CUDAFunction
    private let fill: CUDAFunction
    private let report: DeviceMemory

    static let names = [
        "autotune_compare", "autotune_inspect", "autotune_differ", "autotune_checksum", "autotune_fill",
    ]
    /// Without fused multiply-adds, which would round otherwise than the host.
    static let options = ["--fmad=false"]

    /// What the device found.
    struct Report: Equatable {
        var offCount: Int
        var firstOff: Int
        var untouchedCount: Int
        var firstUntouched: Int
        var nanCount: Int
        var firstNaN: Int
        /// Of the elements that are finite.
        var rootMeanSquare: Double
        /// Of the bytes, where they were summed up.
        var checksum: UInt64

        static let byteCount = 64
        /// Zeros, and the greatest number for each first place.
        static let initialWords: [UInt64] = [0, .max, 0, .max, 0, .max, 0, 0]

        init(_ words: [UInt64]) {
            func number(_ index: Int) -> Int { Int(clamping: words[index]) }
            (offCount, firstOff, checksum) = (number(0), number(1), words[0])
            (untouchedCount, firstUntouched) = (number(2), number(3))
            (nanCount, firstNaN) = (number(4), number(5))
            let squares = Double(bitPattern: words[7])
            rootMeanSquare = words[6] == 0 ? 0 : (squares / Double(words[6])).squareRoot()
        }
    }

    /// - Parameter artifact: `source` compiled for the device.
    init(_ context: CUDAContext, artifact: CUDAArtifact) throws(CUDAError) {
        let module = try CUDAModule(context, image: artifact.image)
        self.context = context
        compare = try module.function("autotune_compare")
        inspect = try module.function("autotune_inspect")
        differ = try module.function("autotune_differ")
        sum = try module.function("autotune_checksum")
        fill = try module.function("autotune_fill")
        report = try DeviceMemory(context, byteCount: Report.byteCount)
    }

    /// Counts the elements that are farther from the reference than `floor + relative * |reference|`.
    ///
    /// - Parameter isExact: only the same bits are near enough (`ExactComparison`).
    func compare(
        _ values: DeviceMemory, with reference: DeviceMemory, of type: DataType, relative: Double, floor: Double,
        isExact: Bool
    ) throws -> Report {
        let count = values.byteCount / type.byteCount
        return try run(
            compare, count,
            [
                .init(values.address), .init(reference.address), .init(word: UInt64(count)), .init(kind: type),
                .init(relative), .init(floor), .init(isExact ? 1 as Int32 : 0),
            ])
    }

    /// Counts NaN, and the elements that hold the poison where the reference, if there is one, does not.
    func inspect(
        _ values: DeviceMemory, of type: DataType, poison: Poison, where reference: DeviceMemory? = nil
    ) throws -> Report {
        let count = values.byteCount / type.byteCount
        let pattern = poison.element(of: type).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return try run(
            inspect, count,
            [
                .init(values.address), .init(reference?.address ?? DeviceAddress(bits: 0)),
                .init(word: UInt64(count)), .init(kind: type), .init(word: pattern),
            ])
    }

    /// The first byte in which two memories of the same size differ.
    func firstDifference(_ values: DeviceMemory, _ expected: DeviceMemory) throws -> Int? {
        let found = try run(
            differ, values.byteCount / 8,
            [.init(values.address), .init(expected.address), .init(word: UInt64(values.byteCount))])
        return found.offCount == 0 ? nil : found.firstOff
    }

    /// A number that is another one, but for chance, once any byte has changed.
    func checksum(_ values: DeviceMemory) throws -> UInt64 {
        let count = UInt64(values.byteCount)
        return try run(sum, values.byteCount / 8, [.init(values.address), .init(word: count)]).checksum
    }

    /// Fills memory as `Fill.bytes` would, bit by bit; `false` for what has to come from the host.
    func fill(_ memory: DeviceMemory, as argument: Argument, seedOffset: UInt64) throws -> Bool {
        guard case .array(_, let fill, _) = argument.kind else { return false }
        var numbers = (0.0, 0.0, 0.0)
        var (low, span, seed): (Int, UInt64, UInt64) = (0, 0, 0)
        let kind: Int32
        switch fill {
        case .zeros:
            try memory.fill(0)
            return true
        case .file: return false
        case .constant(let value): (kind, numbers.0) = (0, value)
        case .uniform(let least, let greatest, let own):
            (kind, numbers, seed) = (1, (least, greatest - least, greatest.nextDown), own &+ seedOffset)
        case .normal(let mean, let deviation, let own):
            (kind, numbers.0, numbers.1, seed) = (2, mean, deviation, own &+ seedOffset)
        case .arange(let start, let step): (kind, numbers.0, numbers.1) = (3, start, step)
        case .integers(let least, let greatest, let own):
            (kind, low, seed) = (4, least, own &+ seedOffset)
            span = UInt64(bitPattern: Int64(greatest &- least)) &+ 1
        }
        try launch(
            self.fill, argument.elementCount,
            [
                .init(memory.address), .init(word: UInt64(argument.elementCount)), .init(kind: argument.dataType),
                .init(kind), .init(numbers.0), .init(numbers.1), .init(numbers.2),
                .init(word: UInt64(bitPattern: Int64(low))), .init(word: span), .init(word: seed),
            ])
        return true
    }

    private static let threads = 256
    /// More would only wait for one another.
    private static let blocksPerMultiprocessor = 16

    private func launch(_ function: CUDAFunction, _ count: Int, _ arguments: [LaunchArgument]) throws {
        let most = context.device.multiprocessors * Self.blocksPerMultiprocessor
        let blocks = max(1, min(most, (count + Self.threads - 1) / Self.threads))
        let geometry = LaunchGeometry(grid: Extent3(blocks), block: Extent3(Self.threads))
        try function.prepare(geometry, arguments: arguments).launch()
    }

    private func run(_ function: CUDAFunction, _ count: Int, _ arguments: [LaunchArgument]) throws -> Report {
        try report.write(Report.initialWords.flatMap(LaunchArgument.littleEndian))
        try launch(function, count, [.init(report.address)] + arguments)
        let bytes = try report.bytes()
        return Report(
            stride(from: 0, to: bytes.count, by: 8).map { start in
                (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
            })
    }
}

extension LaunchArgument {
    fileprivate static func littleEndian(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
    }

    init(word: UInt64) { self.init(scalar: Self.littleEndian(word)) }
    init(_ number: Int32) {
        self.init(scalar: (0..<4).map { UInt8(truncatingIfNeeded: UInt32(bitPattern: number) >> UInt32(8 * $0)) })
    }
    fileprivate init(_ number: Double) { self.init(word: number.bitPattern) }
    fileprivate init(kind type: DataType) { self.init(DeviceRoutines.elementKind(type)) }
}

extension DeviceRoutines {
    /// The number by which the source knows an element type.
    fileprivate static func elementKind(_ type: DataType) -> Int32 {
        switch type {
        case .bool: 0
        case .int8: 1
        case .int16: 2
        case .int32: 3
        case .int64: 4
        case .uint8: 5
        case .uint16: 6
        case .uint32: 7
        case .uint64: 8
        case .float32: 9
        case .float64: 10
        case .float16: 11
        case .bfloat16: 12
        case .float8E4M3: 13
        case .float8E5M2: 14
        }
    }
}
