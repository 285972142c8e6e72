/// A floating-point format of at most 16 bits: a sign, `exponentBits`, `mantissaBits`, with subnormals.
///
/// One conversion serves all of them, and is the same on every machine.
struct SmallFloat {
    let exponentBits: Int
    let mantissaBits: Int
    /// The pattern of the greatest finite value.
    let greatest: UInt64
    /// What a value beyond it becomes: infinity, or the greatest value where the format saturates.
    let overflow: UInt64
    let nan: UInt64

    static let float16 = SmallFloat(
        exponentBits: 5, mantissaBits: 10, greatest: 0x7BFF, overflow: 0x7C00, nan: 0x7E00)
    static let bfloat16 = SmallFloat(
        exponentBits: 8, mantissaBits: 7, greatest: 0x7F7F, overflow: 0x7F80, nan: 0x7FC0)
    /// OCP 8-bit floating point (OFP8) E4M3: no infinity, one NaN, saturating.
    static let float8E4M3 = SmallFloat(exponentBits: 4, mantissaBits: 3, greatest: 0x7E, overflow: 0x7E, nan: 0x7F)
    /// OFP8 E5M2: as IEEE 754's formats.
    static let float8E5M2 = SmallFloat(exponentBits: 5, mantissaBits: 2, greatest: 0x7B, overflow: 0x7C, nan: 0x7E)

    private var bias: Int { 1 << (exponentBits - 1) - 1 }
    private var signShift: UInt64 { UInt64(exponentBits + mantissaBits) }

    /// The pattern of the nearest value, ties to even.
    func encode(_ value: Double) -> UInt64 {
        let bits = value.bitPattern
        let sign = (bits >> 63) << signShift
        let magnitude = bits & (1 << 63 - 1)
        if magnitude > 0x7FF0_0000_0000_0000 { return sign | nan }
        let exponent = Int(magnitude >> 52) - 1023
        // Doubles below 2^-1022 are far below half of any of these formats' least value.
        if exponent == -1023 { return sign }
        if exponent == 1024 { return sign | overflow }
        let significand = magnitude & (1 << 52 - 1) | 1 << 52
        let leastExponent = 1 - bias
        let shift = UInt64(52 - mantissaBits + max(0, leastExponent - exponent))
        if shift > 53 { return sign }
        let half: UInt64 = 1 << (shift - 1)
        let rest = significand & (half << 1 - 1)
        var rounded = significand >> shift
        if rest > half || (rest == half && rounded & 1 == 1) { rounded += 1 }
        // The implicit leading bit carries into the exponent, as does a mantissa that rounds up to a power of two.
        let steps = max(exponent, leastExponent) - leastExponent
        let pattern = rounded + UInt64(steps) << UInt64(mantissaBits)
        return sign | (pattern > greatest ? overflow : pattern)
    }

    func decode(_ bits: UInt64) -> Double {
        let isNegative = bits >> signShift & 1 == 1
        let pattern = bits & (1 << signShift - 1)
        let magnitude: Double
        if pattern > greatest {
            magnitude = pattern == overflow ? .infinity : .nan
        } else {
            let exponent = Int(pattern >> UInt64(mantissaBits))
            let mantissa = pattern & (1 << UInt64(mantissaBits) - 1)
            if exponent == 0 {
                magnitude = Double(mantissa) * Self.powerOf2(1 - bias - mantissaBits)
            } else {
                let significand = Double(mantissa | 1 << UInt64(mantissaBits))
                magnitude = significand * Self.powerOf2(exponent - bias - mantissaBits)
            }
        }
        return isNegative ? -magnitude : magnitude
    }

    /// 2^exponent for exponents of normal Doubles.
    private static func powerOf2(_ exponent: Int) -> Double {
        Double(bitPattern: UInt64(exponent + 1023) << 52)
    }
}
