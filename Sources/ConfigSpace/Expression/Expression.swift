/// An expression of the small Python subset that constraints, launch geometry and sizes are written in.
///
/// Integers of 64 bits, floats, strings, `True`/`False`/`None` (or as JSON spells them), `+ - * / // % **`, comparisons and
/// their chains, `in`, `and or not`, `a if c else b`, lists, subscripts, comprehensions with one `for`, and the functions
/// `min max abs ceil_div len round floor ceil sum list range int float`. They mean what they mean in Python, with these
/// exceptions: what does not fit in 64 bits is an error, tuples and ranges are lists, and nesting, text, lists, strings and
/// work have limits. Nothing that can be written makes evaluation crash or hang.
///
///     let threads = try Expression(parsing: "32 * num_warps")
///     try threads.evaluateInt { name in config[name] }
public struct Expression: Sendable, CustomStringConvertible {
    public let text: String
    /// The names that need values, in order of first use; those bound by a comprehension are not among them.
    public let names: [String]

    let program: Program
    let comprehensions: Int

    /// Reads `text`; the error says what is wrong and at which column.
    public init(parsing text: String) throws(ExpressionError) {
        var parser = try Parser(text)
        try parser.parse()
        self.text = text
        comprehensions = parser.comprehensions
        (program, names) = parser.program.keepingFreeNames(of: parser.names)
    }

    /// An expression that is one value, for the numbers that files give in place of expressions.
    public init(constant: Value) {
        text = constant.json
        names = []
        comprehensions = 0
        program = Program(code: [.constant(constant)], offsets: [0])
    }

    public var description: String { text }

    /// The value where each name has the value that `lookup` gives.
    public func evaluate(_ lookup: (String) -> Value?) throws(ExpressionError) -> Value {
        try evaluate(program.code.indices) { index in lookup(names[index]) }
    }

    /// The value as an integer; `64.0` is 64, and a number with a fraction is an error.
    public func evaluateInt(_ lookup: (String) -> Value?) throws(ExpressionError) -> Int {
        let value = try evaluate(lookup)
        switch Scalar(number: value) {
        case .int(let number): return number
        case .double(let number): if let whole = Int(exactly: number) { return whole }
        default: break
        }
        throw error("the result should be an integer, not \(value.kind == "a number" ? value.json : value.kind)")
    }

    /// The value as a float.
    public func evaluateDouble(_ lookup: (String) -> Value?) throws(ExpressionError) -> Double {
        let value = try evaluate(lookup)
        guard let number = Scalar(number: value), let double = try? number.asDouble() else {
            throw error("the result should be a number, not \(value.kind)")
        }
        return double
    }

    /// Whether the value is true in Python's sense.
    public func evaluateCondition(_ lookup: (String) -> Value?) throws(ExpressionError) -> Bool {
        try evaluate(lookup).isTruthy
    }

    /// The value of a part of the program that stands for itself.
    func evaluate(_ range: Range<Int>, _ lookup: (Int) -> Value?) throws(ExpressionError) -> Value {
        var machine = Machine(program, comprehensions: comprehensions, text: text)
        return try machine.run(range) { index throws(ExpressionError) in
            if let value = lookup(index) { return value }
            throw missing(index)
        }
    }

    /// That the name with this index has no value, at its first use.
    func missing(_ index: Int, help: String = "") -> ExpressionError {
        let uses = zip(program.code, program.offsets).filter { if case .name(index) = $0.0 { true } else { false } }
        let offset = uses.map(\.1).min() ?? 0
        return ExpressionError(message: "unknown name '\(names[index])'\(help)", text: text, offset: offset)
    }

    private func error(_ message: String) -> ExpressionError {
        ExpressionError(message: message, text: text, offset: 0)
    }
}

extension Program {
    /// The program with its names numbered in the order of the text, and those names; comprehensions have taken theirs.
    fileprivate func keepingFreeNames(of all: [String]) -> (Program, [String]) {
        var firstUse: [Int: Int] = [:]
        for (instruction, offset) in zip(code, offsets) {
            if case .name(let name) = instruction { firstUse[name] = min(offset, firstUse[name] ?? offset) }
        }
        let order = firstUse.sorted { $0.value < $1.value }.map(\.key)
        let numbers = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        var result = self
        for index in code.indices {
            if case .name(let name) = code[index], let number = numbers[name] { result.code[index] = .name(number) }
        }
        return (result, order.map { all[$0] })
    }
}
