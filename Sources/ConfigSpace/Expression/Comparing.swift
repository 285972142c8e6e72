/// How two numbers stand to each other; nil where one is NaN.
enum Order { case less, equal, greater }

extension Scalar {
    /// Exact, also between an integer and a float that would be equal after rounding.
    static func order(_ left: Scalar, _ right: Scalar) throws(ArithmeticFault) -> Order? {
        switch (left, right) {
        case (.int(let left), .int(let right)): return left < right ? .less : left == right ? .equal : .greater
        case (.double(let left), .double(let right)): return order(left, right)
        case (.int(let left), .double(let right)): return order(left, right)
        case (.double(let left), .int(let right)):
            return order(right, left).map { $0 == .less ? .greater : $0 == .greater ? .less : .equal }
        default: throw .notNumbers
        }
    }

    private static func order(_ left: Double, _ right: Double) -> Order? {
        left < right ? .less : left == right ? .equal : left > right ? .greater : nil
    }

    private static func order(_ left: Int, _ right: Double) -> Order? {
        if right.isNaN { return nil }
        guard let whole = Int(exactly: right.rounded(.towardZero)) else { return right > 0 ? .less : .greater }
        if left != whole { return left < whole ? .less : .greater }
        return order(Double(whole), right)
    }

    /// Python's `==`; values of different kinds are different, not an error.
    @inline(__always)
    static func areEqual(_ left: Scalar, _ right: Scalar) throws(ArithmeticFault) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): return left == right
        case (.opaque, _), (_, .opaque): throw .notNumbers
        case (.symbol(let left), .symbol(let right)): return left == right
        case (.null, .null): return true
        case (.symbol, _), (_, .symbol), (.null, _), (_, .null): return false
        default: return try order(left, right) == .equal
        }
    }
}

extension Comparison {
    /// What the comparison says of two things that stand in `order`; only `!=` holds where there is none.
    @inline(__always)
    func holds(for order: Order?) -> Bool {
        switch self {
        case .less: order == .less
        case .lessOrEqual: order == .less || order == .equal
        case .greater: order == .greater
        case .greaterOrEqual: order == .greater || order == .equal
        case .equal, .contained: order == .equal
        case .notEqual, .notContained: order != .equal
        }
    }
}

extension Value {
    /// Python's truth of a value: zeros, None and what is empty are false.
    public var isTruthy: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        }
    }

    /// Python's `==`: numbers by what they are worth, booleans among them.
    func equals(_ other: Value) -> Bool {
        if let left = Scalar(number: self), let right = Scalar(number: other) {
            return (try? Scalar.areEqual(left, right)) ?? false
        }
        switch (self, other) {
        case (.null, .null): return true
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
        case (.object(let left), .object(let right)): return left == right
        default: return false
        }
    }

    /// How a value stands to one of its kind; throws `notNumbers` for kinds that have no order between them.
    func order(to other: Value) throws(ArithmeticFault) -> Order? {
        if let left = Scalar(number: self), let right = Scalar(number: other) {
            return try Scalar.order(left, right)
        }
        switch (self, other) {
        case (.string(let left), .string(let right)):
            if left.utf8.elementsEqual(right.utf8) { return .equal }
            return left.utf8.lexicographicallyPrecedes(right.utf8) ? .less : .greater
        case (.list(let left), .list(let right)):
            for (left, right) in zip(left, right) where !left.equals(right) { return try left.order(to: right) }
            return left.count < right.count ? .less : left.count == right.count ? .equal : .greater
        default: throw .notNumbers
        }
    }

    /// The value's kind, with its article.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .int, .double: "a number"
        case .string: "a string"
        case .list: "a list"
        case .object: "an object"
        }
    }
}
