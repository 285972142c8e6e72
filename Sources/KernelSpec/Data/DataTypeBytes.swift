// Elements as the little-endian bytes a kernel sees, and back.
extension DataType {
    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .bool, .int8, .uint8, .float8E4M3, .float8E5M2: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// Floating point of any width.
    public var isFloat: Bool { !isInteger && self != .bool }

    public var isInteger: Bool { integerBounds != nil }

    /// The elements' bytes, one after the other.
    ///
    /// Floating types round to the nearest, ties to even. Beyond their range float8_e4m3fn saturates to ±448 (the OCP
    /// 8-bit specification's saturating mode; it has no infinity) and the others give ±infinity. Integer types round
    /// to the nearest, ties to even, and saturate; NaN gives 0. `bool` is 1 for all that is not zero. int64 and uint64
    /// take any Double exactly that is whole and in range, but a Double holds not every integer beyond 2^53.
    public func encode(_ values: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * byteCount)
        append(values, to: &bytes)
        return bytes
    }

    /// The elements as Doubles; a rest shorter than an element is dropped.
    ///
    /// Exact for all types but int64 and uint64, which beyond 2^53 give the nearest Double.
    public func decode(_ bytes: [UInt8]) -> [Double] {
        let bits = bytes.span
        let count = bytes.count / byteCount
        return switch self {
        case .bool: (0..<count).map { bits[$0] == 0 ? 0 : 1 }
        case .int8: decode(bits, count) { Double(Int8(truncatingIfNeeded: $0)) }
        case .int16: decode(bits, count) { Double(Int16(truncatingIfNeeded: $0)) }
        case .int32: decode(bits, count) { Double(Int32(truncatingIfNeeded: $0)) }
        case .int64: decode(bits, count) { Double(Int64(truncatingIfNeeded: $0)) }
        case .uint8, .uint16, .uint32, .uint64: decode(bits, count) { Double($0) }
        case .float32: decode(bits, count) { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) }
        case .float64: decode(bits, count) { Double(bitPattern: $0) }
        case .float8E4M3: decode(bits, count, SmallFloat.float8E4M3.decode)
        case .float8E5M2: decode(bits, count, SmallFloat.float8E5M2.decode)
        case .float16: decode(bits, count, SmallFloat.float16.decode)
        case .bfloat16: decode(bits, count, SmallFloat.bfloat16.decode)
        }
    }

    /// Appends the elements' bytes to `bytes`, as `encode` gives them.
    func append(_ values: [Double], to bytes: inout [UInt8]) {
        switch self {
        case .bool: append(values, to: &bytes) { UInt8($0 == 0 ? 0 : 1) }
        case .int8: append(values, to: &bytes, saturated(Int8.self))
        case .int16: append(values, to: &bytes, saturated(Int16.self))
        case .int32: append(values, to: &bytes, saturated(Int32.self))
        case .int64: append(values, to: &bytes, saturated(Int64.self))
        case .uint8: append(values, to: &bytes, saturated(UInt8.self))
        case .uint16: append(values, to: &bytes, saturated(UInt16.self))
        case .uint32: append(values, to: &bytes, saturated(UInt32.self))
        case .uint64: append(values, to: &bytes, saturated(UInt64.self))
        case .float32: append(values, to: &bytes) { Float($0).bitPattern }
        case .float64: append(values, to: &bytes) { $0.bitPattern }
        case .float8E4M3: append(values, to: &bytes) { UInt8(truncatingIfNeeded: SmallFloat.float8E4M3.encode($0)) }
        case .float8E5M2: append(values, to: &bytes) { UInt8(truncatingIfNeeded: SmallFloat.float8E5M2.encode($0)) }
        case .float16: append(values, to: &bytes) { UInt16(truncatingIfNeeded: SmallFloat.float16.encode($0)) }
        case .bfloat16: append(values, to: &bytes) { UInt16(truncatingIfNeeded: SmallFloat.bfloat16.encode($0)) }
        }
    }

    /// The bytes of integers, exact for those in range; wraps around for others.
    func append(integers: [Int], to bytes: inout [UInt8]) {
        guard isInteger else { return append(integers.map(Double.init), to: &bytes) }
        switch byteCount {
        case 1: appendBits(integers, to: &bytes) { UInt8(truncatingIfNeeded: $0) }
        case 2: appendBits(integers, to: &bytes) { UInt16(truncatingIfNeeded: $0) }
        case 4: appendBits(integers, to: &bytes) { UInt32(truncatingIfNeeded: $0) }
        default: appendBits(integers, to: &bytes) { UInt64(truncatingIfNeeded: $0) }
        }
    }

    private func decode(_ bytes: Span<UInt8>, _ count: Int, _ value: (UInt64) -> Double) -> [Double] {
        let width = byteCount
        return (0..<count).map { element in
            var bits: UInt64 = 0
            for place in 0..<width { bits |= UInt64(bytes[element * width + place]) << UInt64(8 * place) }
            return value(bits)
        }
    }

    @inline(__always)
    private func append<Bits: FixedWidthInteger>(
        _ values: [Double], to bytes: inout [UInt8], _ bits: (Double) -> Bits
    ) {
        appendBits(values, to: &bytes, bits)
    }

    @inline(__always)
    private func appendBits<Element, Bits: FixedWidthInteger>(
        _ values: [Element], to bytes: inout [UInt8], _ bits: (Element) -> Bits
    ) {
        for value in values {
            var rest = bits(value)
            for _ in 0..<Bits.bitWidth / 8 {
                bytes.append(UInt8(truncatingIfNeeded: rest))
                rest = Bits.bitWidth > 8 ? rest >> 8 : 0
            }
        }
    }

    private func saturated<Integer: FixedWidthInteger>(_ type: Integer.Type) -> (Double) -> Integer {
        { value in
            let whole = value.rounded(.toNearestOrEven)
            if let exact = Integer(exactly: whole) { return exact }
            return whole.isNaN ? 0 : whole < 0 ? .min : .max
        }
    }
}

extension DataType {
    /// The least and the greatest value of an integer type.
    var integerBounds: (least: Double, greatest: Double)? {
        switch self {
        case .int8: (Double(Int8.min), Double(Int8.max))
        case .int16: (Double(Int16.min), Double(Int16.max))
        case .int32: (Double(Int32.min), Double(Int32.max))
        case .int64: (Double(Int64.min), Double(Int64.max))
        case .uint8: (0, Double(UInt8.max))
        case .uint16: (0, Double(UInt16.max))
        case .uint32: (0, Double(UInt32.max))
        case .uint64: (0, Double(UInt64.max))
        default: nil
        }
    }

    /// Whether `value` is in the type's range, and whole where the type is an integer's.
    func holds(_ value: Double) -> Bool {
        if let bounds = integerBounds {
            // int64's and uint64's greatest values round up to a power of two that is itself out of range.
            return value.rounded() == value && value >= bounds.least
                && (byteCount == 8 ? value < bounds.greatest : value <= bounds.greatest)
        }
        return self == .bool ? value == 0 || value == 1 : abs(value) <= greatestFinite
    }

    /// The same of a whole number, exactly.
    func holds(_ whole: Int) -> Bool {
        switch self {
        case .int64: true
        case .uint64: whole >= 0
        default: holds(Double(whole))
        }
    }

    private var greatestFinite: Double {
        switch self {
        case .float8E4M3: 448
        case .float8E5M2: 57344
        case .float16: 65504
        case .bfloat16: 0x1.FEp127
        case .float32: Double(Float.greatestFiniteMagnitude)
        default: .greatestFiniteMagnitude
        }
    }
}
