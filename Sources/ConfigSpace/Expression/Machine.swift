/// Runs a program on a stack of values; the one definition of what expressions mean.
///
/// Every step counts against `mostSteps`, as does every element of a list and byte of a string that is made, so that time
/// and memory are bounded whatever the expression.
struct Machine {
    static let mostSteps = 1 << 20
    static let longestList = 1 << 16

    let program: Program
    let text: String
    private var stack: [Value] = []
    private var loops: [Loop]
    private var steps = 0
    /// Where in the text the current instruction comes from.
    private var offset = 0

    private struct Loop {
        var elements: [Value] = []
        var position = 0
        var results: [Value] = []
    }

    init(_ program: Program, comprehensions: Int, text: String) {
        self.program = program
        self.text = text
        loops = Array(repeating: Loop(), count: comprehensions)
    }

    func error(_ message: String) -> ExpressionError {
        ExpressionError(message: message, text: text, offset: offset)
    }

    /// Counts work, and says that it is too much.
    mutating func spend(_ amount: Int) throws(ExpressionError) {
        steps += amount
        if steps > Self.mostSteps { throw error("this takes too many steps") }
    }

    /// The value that the instructions of `range` leave; `name` gives the value of a free name by its index.
    mutating func run(
        _ range: Range<Int>, name: (Int) throws(ExpressionError) -> Value
    ) throws(ExpressionError) -> Value {
        var counter = range.lowerBound
        while counter < range.upperBound {
            try spend(1)
            offset = program.offsets[counter]
            let instruction = program.code[counter]
            counter += 1
            switch instruction {
            case .constant(let value): stack.append(value)
            case .name(let index): stack.append(try name(index))
            case .local(let loop): stack.append(loops[loop].elements[loops[loop].position - 1])
            case .binary(let operation):
                let right = pop()
                stack.append(try apply(operation, pop(), right))
            case .compare(let comparison):
                let right = pop()
                stack.append(.bool(try compare(comparison, pop(), right)))
            case .chain(let comparison, let distance):
                let right = pop()
                let holds = try compare(comparison, pop(), right)
                stack.append(holds ? right : .bool(false))
                if !holds { counter += distance }
            case .negate: try replaceTop("negate") { number throws(ArithmeticFault) in try number.negated() }
            case .plus: try replaceTop("take the sign of") { number throws(ArithmeticFault) in number }
            case .not: stack.append(.bool(!pop().isTruthy))
            case .jumpIfFalse(let distance):
                if stack.last?.isTruthy == false { counter += distance } else { _ = pop() }
            case .jumpIfTrue(let distance):
                if stack.last?.isTruthy == true { counter += distance } else { _ = pop() }
            case .branchIfFalse(let distance): if !pop().isTruthy { counter += distance }
            case .jump(let distance): counter += distance
            case .list(let count): stack.append(try made(popLast(count)))
            case .subscripted:
                let index = pop()
                stack.append(try element(index, of: pop()))
            case .call(let function, let count): stack.append(try call(function, popLast(count)))
            case .beginLoop(let loop):
                guard case .list(let elements) = pop() else { throw error("'for' goes over a list") }
                loops[loop] = Loop(elements: elements)
            case .nextElement(let loop, let distance):
                if loops[loop].position < loops[loop].elements.count {
                    loops[loop].position += 1
                } else {
                    counter += distance
                }
            case .collect(let loop): loops[loop].results.append(pop())
            case .endLoop(let loop):
                stack.append(try made(loops[loop].results))
                loops[loop] = Loop()
            }
        }
        return pop()
    }

    /// Programs are well formed, so the stack is never empty here.
    private mutating func pop() -> Value { stack.popLast() ?? .null }

    private mutating func popLast(_ count: Int) -> [Value] {
        let arguments = Array(stack.suffix(count))
        stack.removeLast(min(count, stack.count))
        return arguments
    }

    private mutating func replaceTop(
        _ verb: String, _ operation: (Scalar) throws(ArithmeticFault) -> Scalar
    ) throws(ExpressionError) {
        let value = pop()
        guard let number = Scalar(number: value) else { throw error("cannot \(verb) \(value.kind)") }
        stack.append(try checked { () throws(ArithmeticFault) in try operation(number) }.number)
    }

    /// The result of an operation on numbers, or its fault as an error at this place.
    func checked<Result>(_ operation: () throws(ArithmeticFault) -> Result) throws(ExpressionError) -> Result {
        do { return try operation() } catch { throw self.error(error.message) }
    }

    /// A list of `elements`, if there is room for it.
    mutating func made(_ elements: [Value]) throws(ExpressionError) -> Value {
        guard elements.count <= Self.longestList else {
            throw error("a list has at most \(Self.longestList) elements")
        }
        let list = Value.list(elements)
        try weigh(list)
        return list
    }

    /// Counts all that a value holds, however deep, since comparing or printing it takes as long.
    mutating func weigh(_ value: Value) throws(ExpressionError) {
        switch value {
        case .list(let elements):
            try spend(elements.count)
            for element in elements { try weigh(element) }
        case .string(let text): try spend(text.utf8.count)
        case .null, .bool, .int, .double, .object: break
        }
    }
}
