#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Scalar {
    /// Python's `**`: an integer for integers, unless the exponent is negative.
    static func raised(_ base: Scalar, to exponent: Scalar) throws(ArithmeticFault) -> Scalar {
        if case .int(let base) = base, case .int(let exponent) = exponent, exponent >= 0 {
            return .int(try raised(base, to: exponent))
        }
        let base = try base.asDouble()
        let exponent = try exponent.asDouble()
        if base == 0, exponent < 0 { throw .divisionByZero }
        if base < 0, base.isFinite, exponent.isFinite, exponent.rounded() != exponent { throw .complexPower }
        let result = pow(base, exponent)
        if result.isInfinite, base.isFinite, exponent.isFinite { throw .overflow }
        return .double(result)
    }

    /// By squaring, so that a huge exponent takes 64 steps at most.
    private static func raised(_ base: Int, to exponent: Int) throws(ArithmeticFault) -> Int {
        var result = 1
        var square = base
        var rest = exponent
        while true {
            if rest & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: square)
                if overflow { throw .overflow }
                result = product
            }
            rest >>= 1
            if rest == 0 { return result }
            let (product, overflow) = square.multipliedReportingOverflow(by: square)
            if overflow { throw .overflow }
            square = product
        }
    }
}
