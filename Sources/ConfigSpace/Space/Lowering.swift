/// Translates a conjunct of a constraint from stack code to a `FastProgram`.
///
/// The stack is followed at translation time: what it would hold is known to be a cell, a constant, or a list of such.
/// Comprehensions and subscripts that vary are given up on; such constraints run on the general evaluator.
struct Lowering {
    private let code: [Instruction]
    /// What each free name of the expression is.
    private let names: [Operand]
    private var symbols: SymbolTable
    private var cells: [Scalar]
    private var steps: [FastStep] = []
    private var stack: [Operand] = []
    private var joins: [Join] = []

    indirect enum Operand {
        case cell(Int)
        case constant(Value)
        case list([Operand])

        init(_ shape: Shape) {
            switch shape {
            case .axis(let axis): self = .cell(axis)
            case .list(let elements): self = .list(elements.map { Operand($0) })
            }
        }
    }

    /// A place ahead where ways meet: steps that jump there, and the cell in which all of them leave their value.
    private struct Join {
        let target: Int
        let cell: Int?
        let jump: Int
    }

    private struct NotLowered: Error {}

    /// Adds the cells it needs; nil, with nothing added, where the general evaluator is needed.
    static func lower(
        _ code: [Instruction], _ range: Range<Int>, names: [Operand], symbols: inout SymbolTable,
        cells: inout [Scalar]
    ) -> FastProgram? {
        var lowering = Lowering(code: code, names: names, symbols: symbols, cells: cells)
        guard let program = try? lowering.run(range) else { return nil }
        symbols = lowering.symbols
        cells = lowering.cells
        return program
    }

    private init(code: [Instruction], names: [Operand], symbols: SymbolTable, cells: [Scalar]) {
        self.code = code
        self.names = names
        self.symbols = symbols
        self.cells = cells
    }

    private mutating func run(_ range: Range<Int>) throws(NotLowered) -> FastProgram {
        for position in range {
            try meet(at: position)
            try lower(code[position], next: position + 1)
        }
        try meet(at: range.upperBound)
        let result = try popCell()
        return FastProgram(steps: steps, result: result)
    }

    private mutating func meet(at position: Int) throws(NotLowered) {
        for join in joins.reversed() where join.target == position {
            if let cell = join.cell {
                emit(.move, try popCell(), 0, into: cell)
                stack.append(.cell(cell))
            }
            steps[join.jump].target = steps.count
        }
        joins.removeAll { $0.target == position }
    }

    private mutating func lower(_ instruction: Instruction, next: Int) throws(NotLowered) {
        switch instruction {
        case .constant(let value): stack.append(.constant(value))
        case .name(let index): stack.append(names[index])
        case .binary(let operation): try binary(operation.fast)
        case .compare(let comparison):
            let right = try pop()
            stack.append(try compare(comparison, try popCell(), right))
        case .chain(let comparison, let distance):
            let right = Operand.cell(try popCell())
            let cell = try cell(for: compare(comparison, try popCell(), right))
            jump(.jumpIfFalse, on: cell, to: next + distance, leaving: cell)
            stack.append(right)
        case .negate: push(.negate, try popCell())
        case .plus: push(.subtract, try popCell(), cell(of: .int(0)))
        case .not: push(.not, try popCell())
        case .jumpIfFalse(let distance): keepOrDrop(.jumpIfFalse, try popCell(), to: next + distance)
        case .jumpIfTrue(let distance): keepOrDrop(.jumpIfTrue, try popCell(), to: next + distance)
        case .branchIfFalse(let distance):
            jump(.jumpIfFalse, on: try popCell(), to: next + distance, leaving: nil)
        case .jump(let distance): keepOrDrop(.jump, try popCell(), to: next + distance)
        case .list(let count): stack.append(.list(try pop(count)))
        case .subscripted:
            guard case .constant(.int(let index)) = try pop(), let elements = elements(of: try pop()) else {
                throw NotLowered()
            }
            let position = index < 0 ? index + elements.count : index
            guard elements.indices.contains(position) else { throw NotLowered() }
            stack.append(elements[position])
        case .call(let function, let count): try call(function, try pop(count))
        case .local, .beginLoop, .nextElement, .collect, .endLoop: throw NotLowered()
        }
    }

    private mutating func call(_ function: Function, _ arguments: [Operand]) throws(NotLowered) {
        switch function {
        case .min, .max:
            guard let values = arguments.count == 1 ? elements(of: arguments[0]) : arguments else { throw NotLowered() }
            try fold(function == .min ? .min : .max, values)
        case .sum:
            guard let values = elements(of: arguments[0]) else { throw NotLowered() }
            try fold(.add, [.constant(.int(0))] + values)
        case .len:
            guard let values = elements(of: arguments[0]) else { throw NotLowered() }
            stack.append(.constant(.int(values.count)))
        case .ceilDiv:
            let left = try cell(for: arguments[0])
            push(.ceilDivide, left, try cell(for: arguments[1]))
        case .abs: push(.abs, try cell(for: arguments[0]))
        case .floor: push(.floor, try cell(for: arguments[0]))
        case .ceil: push(.ceil, try cell(for: arguments[0]))
        case .round: push(.round, try cell(for: arguments[0]))
        case .int: push(.truncate, try cell(for: arguments[0]))
        case .float: push(.float, try cell(for: arguments[0]))
        case .list, .range: throw NotLowered()
        }
    }

    private mutating func fold(_ operation: FastStep.Operation, _ values: [Operand]) throws(NotLowered) {
        guard let first = values.first else { throw NotLowered() }
        var result = try cell(for: first)
        for value in values.dropFirst() {
            let target = newCell()
            emit(operation, result, try cell(for: value), into: target)
            result = target
        }
        stack.append(.cell(result))
    }

    private mutating func binary(_ operation: FastStep.Operation) throws(NotLowered) {
        let right = try popCell()
        push(operation, try popCell(), right)
    }

    private mutating func compare(
        _ comparison: Comparison, _ left: Int, _ right: Operand
    ) throws(NotLowered) -> Operand {
        let target = newCell()
        switch comparison {
        case .equal: emit(.equal, left, try cell(for: right), into: target)
        case .notEqual: emit(.notEqual, left, try cell(for: right), into: target)
        case .less: emit(.less, left, try cell(for: right), into: target)
        case .lessOrEqual: emit(.lessOrEqual, left, try cell(for: right), into: target)
        case .greater: emit(.less, try cell(for: right), left, into: target)
        case .greaterOrEqual: emit(.lessOrEqual, try cell(for: right), left, into: target)
        case .contained, .notContained:
            guard let elements = elements(of: right) else { throw NotLowered() }
            emit(.move, cell(of: .int(0)), 0, into: target)
            var jumps: [Int] = []
            for element in elements {
                emit(.equal, left, try cell(for: element), into: target)
                jumps.append(steps.count)
                emit(.jumpIfTrue, target, 0, into: 0)
            }
            for jump in jumps { steps[jump].target = steps.count }
            if comparison == .notContained { emit(.not, target, 0, into: target) }
        }
        return .cell(target)
    }

    /// For `and`, `or` and the end of a conditional's first branch: the value goes to the place ahead, or is dropped.
    private mutating func keepOrDrop(_ operation: FastStep.Operation, _ value: Int, to target: Int) {
        let cell = newCell()
        emit(.move, value, 0, into: cell)
        jump(operation, on: cell, to: target, leaving: cell)
    }

    private mutating func jump(
        _ operation: FastStep.Operation, on cell: Int, to target: Int, leaving result: Int?
    ) {
        joins.append(Join(target: target, cell: result, jump: steps.count))
        emit(operation, cell, 0, into: 0)
    }

    private mutating func push(_ operation: FastStep.Operation, _ left: Int, _ right: Int? = nil) {
        let target = newCell()
        emit(operation, left, right ?? left, into: target)
        stack.append(.cell(target))
    }

    private mutating func emit(_ operation: FastStep.Operation, _ left: Int, _ right: Int, into target: Int) {
        steps.append(FastStep(operation: operation, left: left, right: right, target: target))
    }

    private mutating func newCell() -> Int {
        cells.append(.null)
        return cells.count - 1
    }

    private mutating func cell(of value: Value) -> Int {
        cells.append(symbols.scalar(of: value))
        return cells.count - 1
    }

    private mutating func cell(for operand: Operand) throws(NotLowered) -> Int {
        switch operand {
        case .cell(let cell): return cell
        case .constant(let value): return cell(of: value)
        case .list: throw NotLowered()
        }
    }

    private func elements(of operand: Operand) -> [Operand]? {
        switch operand {
        case .list(let elements): elements
        case .constant(.list(let values)): values.map { .constant($0) }
        case .cell, .constant: nil
        }
    }

    private mutating func pop() throws(NotLowered) -> Operand {
        guard let operand = stack.popLast() else { throw NotLowered() }
        return operand
    }

    private mutating func pop(_ count: Int) throws(NotLowered) -> [Operand] {
        guard stack.count >= count else { throw NotLowered() }
        let operands = Array(stack.suffix(count))
        stack.removeLast(count)
        return operands
    }

    private mutating func popCell() throws(NotLowered) -> Int { try cell(for: pop()) }
}

extension BinaryOperator {
    fileprivate var fast: FastStep.Operation {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .floorDivide: .floorDivide
        case .modulo: .modulo
        case .power: .power
        }
    }
}
