/// A constraint as straight-line code over cells, for checking millions of times; what it cannot do it leaves to
/// `Machine`.
///
/// The cells are the space's: first one for each axis, then the constants and intermediate results of all constraints.
struct FastProgram: Sendable {
    struct Step: Sendable {
        var operation: Operation
        var left: Int
        var right: Int
        /// The cell for the result, or the step to jump to.
        var target: Int
    }

    enum Operation: Sendable {
        case add, subtract, multiply, divide, floorDivide, modulo, power
        case equal, notEqual, less, lessOrEqual
        case negate, not, move
        case min, max, abs, ceilDivide
        case floor, ceil, round, truncate, float
        case jumpIfFalse, jumpIfTrue, jump
    }

    let steps: [Step]
    let result: Int

    /// Whether the constraint holds; nil where the general evaluator has to say.
    func holds(_ cells: inout [Scalar]) -> Bool? {
        do {
            var cellSpan = cells.mutableSpan
            try run(&cellSpan)
            return cellSpan[result].isTruthy
        } catch {
            return nil
        }
    }

    private func run(_ cells: inout MutableSpan<Scalar>) throws(ArithmeticFault) {
        let steps = steps.span
        var counter = 0
        while counter < steps.count {
            let step = steps[counter]
            counter += 1
            let left = cells[step.left]
            let right = cells[step.right]
            switch step.operation {
            case .add: cells[step.target] = try Scalar.apply(.add, left, right)
            case .subtract: cells[step.target] = try Scalar.apply(.subtract, left, right)
            case .multiply: cells[step.target] = try Scalar.apply(.multiply, left, right)
            case .divide: cells[step.target] = try Scalar.apply(.divide, left, right)
            case .floorDivide: cells[step.target] = try Scalar.floorDivided(left, by: right)
            case .modulo: cells[step.target] = try Scalar.remainder(left, by: right)
            case .power: cells[step.target] = try Scalar.raised(left, to: right)
            case .equal: cells[step.target] = .int(try Scalar.areEqual(left, right) ? 1 : 0)
            case .notEqual: cells[step.target] = .int(try Scalar.areEqual(left, right) ? 0 : 1)
            case .less:
                if case .int(let left) = left, case .int(let right) = right {
                    cells[step.target] = .int(left < right ? 1 : 0)
                } else {
                    cells[step.target] = .int(try Scalar.order(left, right) == .less ? 1 : 0)
                }
            case .lessOrEqual:
                if case .int(let left) = left, case .int(let right) = right {
                    cells[step.target] = .int(left <= right ? 1 : 0)
                } else {
                    let order = try Scalar.order(left, right)
                    cells[step.target] = .int(Comparison.lessOrEqual.holds(for: order) ? 1 : 0)
                }
            case .negate: cells[step.target] = try left.negated()
            case .not: cells[step.target] = .int(try truth(left) ? 0 : 1)
            case .move: cells[step.target] = left
            case .min: cells[step.target] = try Scalar.order(right, left) == .less ? right : left
            case .max: cells[step.target] = try Scalar.order(right, left) == .greater ? right : left
            case .abs: cells[step.target] = try left.magnitude()
            case .ceilDivide: cells[step.target] = try Scalar.ceilDivided(left, by: right)
            case .floor: cells[step.target] = try left.rounded(.down)
            case .ceil: cells[step.target] = try left.rounded(.up)
            case .round: cells[step.target] = try left.rounded(.toNearestOrEven)
            case .truncate: cells[step.target] = try left.rounded(.towardZero)
            case .float: cells[step.target] = .double(try left.asDouble())
            case .jumpIfFalse: if try !truth(left) { counter = step.target }
            case .jumpIfTrue: if try truth(left) { counter = step.target }
            case .jump: counter = step.target
            }
        }
    }

    @inline(__always)
    private func truth(_ value: Scalar) throws(ArithmeticFault) -> Bool {
        guard let truth = value.isTruthy else { throw .notNumbers }
        return truth
    }
}
