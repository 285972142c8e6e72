/// One conjunct of a constraint, ready to be checked as soon as its axes are bound.
struct Condition: Sendable {
    let expression: Expression
    /// The conjunct's part of the expression's program.
    let range: Range<Int>
    /// What the expression's names are, by index.
    let names: [Binding]
    /// The axes it depends on and that have a choice, ascending.
    let axes: [Int]
    let program: FastProgram?

    init(
        _ expression: Expression, _ range: Range<Int>, names: [Binding], layout: inout Layout, cells: inout [Scalar]
    ) {
        self.expression = expression
        self.range = range
        self.names = names
        axes = Self.axes(of: expression, range, names: names, layout)
        let operands = names.map { name -> Lowering.Operand in
            switch name {
            case .parameter(let index): Lowering.Operand(layout.shapes[index])
            case .constant(let value): .constant(value)
            }
        }
        program = Lowering.lower(
            expression.program.code, range, names: operands, symbols: &layout.symbols, cells: &cells)
    }

    enum Binding: Sendable {
        case parameter(Int)
        case constant(Value)
    }

    /// The constraint's parts that must all hold: `a and b` holds where `a` does and `b` does, errors included.
    static func conjuncts(of expression: Expression) -> [Range<Int>] {
        split(expression.program.code, expression.program.code.indices)
    }

    private static func split(_ code: [Instruction], _ range: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var rest = range
        while let position = and(in: code, rest) {
            parts = split(code, position + 1..<rest.upperBound) + parts
            rest = rest.lowerBound..<position
        }
        return [rest] + parts
    }

    /// Where the `and` stands whose operands are all before it and all after it.
    private static func and(in code: [Instruction], _ range: Range<Int>) -> Int? {
        var farthestJump = range.lowerBound
        for position in range {
            if case .jumpIfFalse(let distance) = code[position], position + 1 + distance == range.upperBound,
                farthestJump <= position
            {
                return position
            }
            farthestJump = max(farthestJump, code[position].jumpTarget(after: position + 1))
        }
        return nil
    }

    /// Whether it holds where parameters have the values that `parameter` gives; an error is no.
    func holdsSlowly(_ parameter: (Int) -> Value) -> Bool {
        value(of: range, parameter)?.isTruthy ?? false
    }

    /// What a part of the expression is worth there; nil where it cannot be evaluated.
    func value(of range: Range<Int>, _ parameter: (Int) -> Value) -> Value? {
        try? expression.evaluate(range) { index in
            switch names[index] {
            case .parameter(let index): parameter(index)
            case .constant(let value): value
            }
        }
    }

    /// The axes that `range` of the expression reads: of a subscript by a constant, only that element's.
    private static func axes(of expression: Expression, _ range: Range<Int>, names: [Binding], _ layout: Layout)
        -> [Int]
    {
        let code = expression.program.code
        var axes: Set<Int> = []
        for position in range {
            guard case .name(let index) = code[position], case .parameter(let parameter) = names[index] else {
                continue
            }
            var shape = layout.shapes[parameter]
            var next = position + 1
            while next + 1 < range.upperBound, case .list(let elements) = shape,
                case .constant(.int(let number)) = code[next], case .subscripted = code[next + 1],
                (-elements.count..<elements.count).contains(number)
            {
                shape = elements[number < 0 ? number + elements.count : number]
                next += 2
            }
            axes.formUnion(shape.axes)
        }
        return axes.filter { layout.axes[$0].count > 1 }.sorted()
    }
}

extension Instruction {
    /// Where it may jump to, given the position after it; that position if it does not jump.
    fileprivate func jumpTarget(after next: Int) -> Int {
        switch self {
        case .jumpIfFalse(let distance), .jumpIfTrue(let distance), .branchIfFalse(let distance), .jump(let distance),
            .chain(_, let distance), .nextElement(_, let distance):
            next + distance
        default: next
        }
    }
}
