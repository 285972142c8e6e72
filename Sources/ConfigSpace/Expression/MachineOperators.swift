extension Machine {
    mutating func apply(
        _ operation: BinaryOperator, _ left: Value, _ right: Value
    ) throws(ExpressionError) -> Value {
        if let leftNumber = Scalar(number: left), let rightNumber = Scalar(number: right) {
            return try checked { () throws(ArithmeticFault) in
                try Scalar.apply(operation, leftNumber, rightNumber)
            }.number
        }
        switch (operation, left, right) {
        case (.add, .list(let left), .list(let right)): return try made(left + right)
        case (.add, .string(let left), .string(let right)):
            try spendBytes(left.utf8.count + right.utf8.count)
            return .string(left + right)
        case (.multiply, .list, _), (.multiply, .string, _):
            if case .int(let count) = Scalar(number: right) { return try repeated(left, count) }
        case (.multiply, _, .list), (.multiply, _, .string):
            if case .int(let count) = Scalar(number: left) { return try repeated(right, count) }
        default: break
        }
        throw error("'\(operation.rawValue)' does not go with \(left.kind) and \(right.kind)")
    }

    /// `count` times the list or string, one after another.
    private mutating func repeated(_ value: Value, _ count: Int) throws(ExpressionError) -> Value {
        switch value {
        case .list(let elements):
            guard count > 0, !elements.isEmpty else { return .list([]) }
            guard count <= Self.longestList / elements.count else {
                throw error("a list has at most \(Self.longestList) elements")
            }
            return try made(Array(repeatElement(elements, count: count).joined()))
        case .string(let text):
            guard count > 0, !text.isEmpty else { return .string("") }
            try spendBytes(text.utf8.count.multipliedReportingOverflow(by: count))
            return .string(String(repeating: text, count: count))
        default: return value
        }
    }

    mutating func compare(
        _ comparison: Comparison, _ left: Value, _ right: Value
    ) throws(ExpressionError) -> Bool {
        try weigh(left)
        try weigh(right)
        switch comparison {
        case .equal: return left.equals(right)
        case .notEqual: return !left.equals(right)
        case .contained: return try contains(right, left)
        case .notContained: return try !contains(right, left)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            do {
                return comparison.holds(for: try left.order(to: right))
            } catch {
                throw self.error("'\(comparison.rawValue)' does not go with \(left.kind) and \(right.kind)")
            }
        }
    }

    private func contains(_ container: Value, _ value: Value) throws(ExpressionError) -> Bool {
        switch (container, value) {
        case (.list(let elements), _): return elements.contains { $0.equals(value) }
        case (.string(let text), .string(let part)): return hasPart(Array(text.utf8), Array(part.utf8))
        default: throw error("'in' looks into a list, or for a string in a string, not into \(container.kind)")
        }
    }

    /// `values[index]`, from the end where the index is negative; of a string, the character.
    mutating func element(_ index: Value, of value: Value) throws(ExpressionError) -> Value {
        guard case .int(let position) = Scalar(number: index) else {
            throw error("an index is an integer, not \(index.kind == "a number" ? index.json : index.kind)")
        }
        switch value {
        case .list(let elements):
            return elements[try resolve(position, count: elements.count, of: "list")]
        case .string(let text):
            try spendBytes(text.utf8.count)
            let characters = Array(text.unicodeScalars)
            return .string(String(characters[try resolve(position, count: characters.count, of: "string")]))
        default: throw error("\(value.kind) has no elements")
        }
    }

    private func resolve(_ position: Int, count: Int, of kind: String) throws(ExpressionError) -> Int {
        guard position >= -count, position < count else {
            throw error("index \(position) is outside a \(kind) of length \(count)")
        }
        return position < 0 ? position + count : position
    }

    private mutating func spendBytes(_ count: Int) throws(ExpressionError) {
        try spendBytes((count, false))
    }

    private mutating func spendBytes(_ count: (partialValue: Int, overflow: Bool)) throws(ExpressionError) {
        if count.overflow || count.partialValue > Self.longestList {
            throw error("a string has at most \(Self.longestList) bytes")
        }
        try spend(count.partialValue)
    }
}

private func hasPart(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    if part.isEmpty { return true }
    guard part.count <= text.count else { return false }
    return (0...text.count - part.count).contains { text[$0...].starts(with: part) }
}
