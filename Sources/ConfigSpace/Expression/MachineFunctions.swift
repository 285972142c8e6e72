extension Machine {
    mutating func call(_ function: Function, _ arguments: [Value]) throws(ExpressionError) -> Value {
        switch function {
        case .min, .max: return try extreme(function, arguments)
        case .abs: return try onNumber(function, arguments) { number throws(ArithmeticFault) in try number.magnitude() }
        case .round: return try rounded(function, arguments, .toNearestOrEven)
        case .floor: return try rounded(function, arguments, .down)
        case .ceil: return try rounded(function, arguments, .up)
        case .int: return try rounded(function, arguments, .towardZero)
        case .float:
            return try onNumber(function, arguments) { number throws(ArithmeticFault) in .double(try number.asDouble())
            }
        case .ceilDiv:
            guard let left = Scalar(number: arguments[0]), let right = Scalar(number: arguments[1]) else {
                throw error("ceil_div takes two numbers")
            }
            return try checked { () throws(ArithmeticFault) in try Scalar.ceilDivided(left, by: right) }.number
        case .len:
            switch arguments[0] {
            case .list(let elements): return .int(elements.count)
            case .string(let text):
                try spend(text.utf8.count)
                return .int(text.unicodeScalars.count)
            default: throw wrongArgument(function, "a list or a string", arguments[0])
            }
        case .sum:
            var total = Value.int(0)
            for element in try elements(function, arguments) { total = try apply(.add, total, element) }
            return total
        case .list: return arguments.isEmpty ? .list([]) : .list(try elements(function, arguments))
        case .range: return try range(arguments)
        }
    }

    private func wrongArgument(_ function: Function, _ wanted: String, _ found: Value) -> ExpressionError {
        error("\(function.rawValue) takes \(wanted), not \(found.kind)")
    }

    private func elements(_ function: Function, _ arguments: [Value]) throws(ExpressionError) -> [Value] {
        guard case .list(let elements) = arguments[0] else { throw wrongArgument(function, "a list", arguments[0]) }
        return elements
    }

    private func onNumber(
        _ function: Function, _ arguments: [Value], _ operation: (Scalar) throws(ArithmeticFault) -> Scalar
    ) throws(ExpressionError) -> Value {
        guard let number = Scalar(number: arguments[0]) else { throw wrongArgument(function, "a number", arguments[0]) }
        return try checked { () throws(ArithmeticFault) in try operation(number) }.number
    }

    private func rounded(
        _ function: Function, _ arguments: [Value], _ rule: FloatingPointRoundingRule
    ) throws(ExpressionError) -> Value {
        try onNumber(function, arguments) { number throws(ArithmeticFault) in try number.rounded(rule) }
    }

    /// The least or greatest argument, or element of the one list that is the argument; the first of equals.
    private mutating func extreme(_ function: Function, _ arguments: [Value]) throws(ExpressionError) -> Value {
        let candidates = arguments.count == 1 ? try elements(function, arguments) : arguments
        guard var best = candidates.first else { throw error("\(function.rawValue) of an empty list") }
        for candidate in candidates.dropFirst() {
            if try compare(function == .min ? .less : .greater, candidate, best) { best = candidate }
        }
        return best
    }

    private mutating func range(_ arguments: [Value]) throws(ExpressionError) -> Value {
        var bounds: [Int] = []
        for argument in arguments {
            guard case .int(let bound) = Scalar(number: argument) else {
                throw error("range takes integers, not \(argument.kind == "a number" ? argument.json : argument.kind)")
            }
            bounds.append(bound)
        }
        let start = bounds.count == 1 ? 0 : bounds[0]
        let end = bounds.count == 1 ? bounds[0] : bounds[1]
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw error("the step of a range cannot be 0") }
        var elements: [Value] = []
        var next = start
        while step > 0 ? next < end : next > end {
            guard elements.count < Self.longestList else {
                throw error("a range has at most \(Self.longestList) elements")
            }
            elements.append(.int(next))
            let (sum, overflow) = next.addingReportingOverflow(step)
            if overflow { break }
            next = sum
        }
        return try made(elements)
    }
}
