/// A value as the arithmetic sees it: nothing in it is allocated or counted, so that constraints are cheap to check.
enum Scalar: Sendable {
    /// Booleans are 0 and 1.
    case int(Int)
    case double(Double)
    /// A string, by its index in a table of the strings of one space; the empty one is 0.
    case symbol(Int)
    case null
    /// What only the general evaluator can handle.
    case opaque

    /// Nil if `value` is not a number (booleans are).
    init?(number value: Value) {
        switch value {
        case .bool(let value): self = .int(value ? 1 : 0)
        case .int(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .null, .string, .list, .object: return nil
        }
    }

    /// The number as a value; null for what is not a number.
    var number: Value {
        switch self {
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .symbol, .null, .opaque: .null
        }
    }

    /// Nil where only the general evaluator can tell.
    var isTruthy: Bool? {
        switch self {
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .symbol(let index): index != 0
        case .null: false
        case .opaque: nil
        }
    }
}

/// Why an operation on numbers has no result.
enum ArithmeticFault: Error {
    case overflow, divisionByZero, complexPower, notFinite
    /// An operand is not a number: the general evaluator knows what then.
    case notNumbers

    var message: String {
        switch self {
        case .overflow: "the result does not fit in 64 bits"
        case .divisionByZero: "division by zero"
        case .complexPower: "a negative number to a fractional power is not a real number"
        case .notFinite: "infinity and NaN have no integer part"
        case .notNumbers: "the operands are not numbers"
        }
    }
}

extension Scalar {
    /// The number as a double.
    func asDouble() throws(ArithmeticFault) -> Double {
        switch self {
        case .int(let value): return Double(value)
        case .double(let value): return value
        case .symbol, .null, .opaque: throw .notNumbers
        }
    }

    @inline(__always)
    private static func combine(
        _ left: Scalar, _ right: Scalar, _ onInts: (Int, Int) -> (partialValue: Int, overflow: Bool),
        _ onDoubles: (Double, Double) -> Double
    ) throws(ArithmeticFault) -> Scalar {
        if case .int(let left) = left, case .int(let right) = right {
            let (result, overflow) = onInts(left, right)
            if overflow { throw .overflow }
            return .int(result)
        }
        return .double(onDoubles(try left.asDouble(), try right.asDouble()))
    }

    @inline(__always)
    static func apply(_ operation: BinaryOperator, _ left: Scalar, _ right: Scalar) throws(ArithmeticFault) -> Scalar {
        switch operation {
        case .add: return try combine(left, right, { $0.addingReportingOverflow($1) }, { $0 + $1 })
        case .subtract: return try combine(left, right, { $0.subtractingReportingOverflow($1) }, { $0 - $1 })
        case .multiply: return try combine(left, right, { $0.multipliedReportingOverflow(by: $1) }, { $0 * $1 })
        case .divide:
            if case .int(let left) = left, case .int(let right) = right {
                return .double(try divided(left, by: right))
            }
            let dividend = try left.asDouble()
            let divisor = try right.asDouble()
            if divisor == 0 { throw .divisionByZero }
            return .double(dividend / divisor)
        case .floorDivide: return try floorDivided(left, by: right)
        case .modulo: return try remainder(left, by: right)
        case .power: return try raised(left, to: right)
        }
    }

    func negated() throws(ArithmeticFault) -> Scalar {
        // `0 - x` would lose the sign of a zero.
        if case .double(let value) = self { return .double(-value) }
        return try Scalar.apply(.subtract, .int(0), self)
    }

    /// The quotient rounded up.
    static func ceilDivided(_ left: Scalar, by right: Scalar) throws(ArithmeticFault) -> Scalar {
        guard case .int(let quotient) = try floorDivided(left, by: right) else {
            return try floorDivided(left.negated(), by: right).negated()
        }
        guard case .int(0) = try remainder(left, by: right) else { return .int(quotient + 1) }
        return .int(quotient)
    }

    func magnitude() throws(ArithmeticFault) -> Scalar {
        switch self {
        case .int(let value): return value < 0 ? try negated() : self
        case .double(let value): return .double(value.magnitude)
        case .symbol, .null, .opaque: throw .notNumbers
        }
    }

    /// The integer that the number rounds to; halves go by `rule`.
    func rounded(_ rule: FloatingPointRoundingRule) throws(ArithmeticFault) -> Scalar {
        switch self {
        case .int: return self
        case .double(let value):
            guard value.isFinite else { throw .notFinite }
            guard let whole = Int(exactly: value.rounded(rule)) else { throw .overflow }
            return .int(whole)
        case .symbol, .null, .opaque: throw .notNumbers
        }
    }
}
