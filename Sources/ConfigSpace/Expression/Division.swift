extension Scalar {
    /// Python's `//`: the quotient, rounded down.
    @inline(__always)
    static func floorDivided(_ left: Scalar, by right: Scalar) throws(ArithmeticFault) -> Scalar {
        if case .int(let left) = left, case .int(let right) = right {
            if right == 0 { throw .divisionByZero }
            let (quotient, overflow) = left.dividedReportingOverflow(by: right)
            if overflow { throw .overflow }
            let remainder = left &- quotient &* right
            return .int(remainder != 0 && (remainder < 0) != (right < 0) ? quotient - 1 : quotient)
        }
        return .double(try flooredDivision(left, right).quotient)
    }

    /// Python's `%`: the remainder of `//`, which has the divisor's sign.
    @inline(__always)
    static func remainder(_ left: Scalar, by right: Scalar) throws(ArithmeticFault) -> Scalar {
        if case .int(let left) = left, case .int(let right) = right {
            if right == 0 { throw .divisionByZero }
            // The quotient overflows for the least integer and -1; the remainder is 0.
            let remainder = left.remainderReportingOverflow(dividingBy: right).partialValue
            return .int(remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder)
        }
        return .double(try flooredDivision(left, right).remainder)
    }

    /// `/` of two integers, rounded once as Python does it, also where they are beyond what a double holds.
    static func divided(_ dividend: Int, by divisor: Int) throws(ArithmeticFault) -> Double {
        if divisor == 0 { throw .divisionByZero }
        let exact = 1 << 53
        if dividend.magnitude <= exact, divisor.magnitude <= exact { return Double(dividend) / Double(divisor) }
        // A quotient of 62 or 63 bits, with its last bit set if anything remained, rounds to 53 as the true one does.
        let shift = 62 - (dividend.magnitude.bitWidthUsed - divisor.magnitude.bitWidthUsed)
        let scaled = UInt128(dividend.magnitude) << max(0, shift)
        let scale = UInt128(divisor.magnitude) << max(0, -shift)
        var (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: scale)
        if remainder != 0 { quotient |= 1 }
        let rounded = Double(sign: .plus, exponent: -shift, significand: Double(UInt64(truncatingIfNeeded: quotient)))
        return (dividend < 0) == (divisor < 0) ? rounded : -rounded
    }
}

/// The quotient rounded down and the remainder with the divisor's sign, with the care CPython takes for signed zeros and
/// for quotients that rounding would move by one.
private func flooredDivision(
    _ left: Scalar, _ right: Scalar
) throws(ArithmeticFault) -> (quotient: Double, remainder: Double) {
    let dividend = try left.asDouble()
    let divisor = try right.asDouble()
    if divisor == 0 { throw .divisionByZero }
    var remainder = dividend.truncatingRemainder(dividingBy: divisor)
    var quotient = (dividend - remainder) / divisor
    if remainder == 0 {
        remainder = Double(signOf: divisor, magnitudeOf: 0)
    } else if (remainder < 0) != (divisor < 0) {
        remainder += divisor
        quotient -= 1
    }
    guard quotient != 0 else { return (Double(signOf: dividend / divisor, magnitudeOf: 0), remainder) }
    let floor = quotient.rounded(.down)
    return (quotient - floor > 0.5 ? floor + 1 : floor, remainder)
}

extension FixedWidthInteger {
    fileprivate var bitWidthUsed: Int { Self.bitWidth - leadingZeroBitCount }
}
