/// A condition as code over cells, for checking millions of times; what it cannot do it leaves to `Machine`.
///
/// The cells are the space's: first one for each axis, then the constants and intermediate results of all conditions.
/// Nothing is allocated, and nothing counted by reference, while a program runs.
struct FastProgram: Sendable {
    /// Jumps go to a place among the steps.
    var steps: [FastStep]
    let result: Int

    /// Whether the condition holds; nil where the general evaluator has to say.
    func holds(_ cells: inout [Scalar]) -> Bool? {
        FastStep.holds(steps, steps.indices, result: result, &cells)
    }
}

struct FastStep: Sendable {
    var operation: Operation
    var left: Int
    var right: Int
    /// The cell for the result, or the step to jump to.
    var target: Int

    enum Operation: Sendable {
        case add, subtract, multiply, divide, floorDivide, modulo, power
        case equal, notEqual, less, lessOrEqual
        case negate, not
        case min, max, abs, ceilDivide
        case floor, ceil, round, truncate, float
        case move
        case jumpIfFalse, jumpIfTrue, jump
    }

    /// Runs the steps of `range`, and says whether the cell `result` is true then; nil after a fault.
    @inline(__always)
    static func holds(_ steps: [FastStep], _ range: Range<Int>, result: Int, _ cells: inout [Scalar]) -> Bool? {
        do {
            var span = cells.mutableSpan
            try run(steps.span, range, &span)
            return span[result].isTruthy
        } catch {
            return nil
        }
    }

    /// Runs steps without jumps ahead of the condition they belong to.
    ///
    /// A fault makes the result opaque, so that it comes up again if the condition needs that result.
    @inline(__always)
    static func prepare(_ steps: [FastStep], _ range: Range<Int>, _ cells: inout [Scalar]) {
        var span = cells.mutableSpan
        let steps = steps.span
        for index in range {
            do { try execute(steps[index], &span) } catch { span[steps[index].target] = .opaque }
        }
    }

    private static func run(
        _ steps: Span<FastStep>, _ range: Range<Int>, _ cells: inout MutableSpan<Scalar>
    ) throws(ArithmeticFault) {
        var counter = range.lowerBound
        while counter < range.upperBound {
            let step = steps[counter]
            counter += 1
            switch step.operation {
            case .jumpIfFalse: if try !truth(cells[step.left]) { counter = step.target }
            case .jumpIfTrue: if try truth(cells[step.left]) { counter = step.target }
            case .jump: counter = step.target
            default: try execute(step, &cells)
            }
        }
    }

    @inline(__always)
    private static func execute(
        _ step: FastStep, _ cells: inout MutableSpan<Scalar>
    ) throws(ArithmeticFault) {
        let left = cells[step.left]
        let right = cells[step.right]
        cells[step.target] =
            switch step.operation {
            case .add: try Scalar.apply(.add, left, right)
            case .subtract: try Scalar.apply(.subtract, left, right)
            case .multiply: try Scalar.apply(.multiply, left, right)
            case .divide: try Scalar.apply(.divide, left, right)
            case .floorDivide: try Scalar.floorDivided(left, by: right)
            case .modulo: try Scalar.remainder(left, by: right)
            case .power: try Scalar.raised(left, to: right)
            case .equal: .int(try Scalar.areEqual(left, right) ? 1 : 0)
            case .notEqual: .int(try Scalar.areEqual(left, right) ? 0 : 1)
            case .less: .int(try Scalar.order(left, right) == .less ? 1 : 0)
            case .lessOrEqual: .int(Comparison.lessOrEqual.holds(for: try Scalar.order(left, right)) ? 1 : 0)
            case .negate: try left.negated()
            case .not: .int(try truth(left) ? 0 : 1)
            case .min: try Scalar.order(right, left) == .less ? right : left
            case .max: try Scalar.order(right, left) == .greater ? right : left
            case .abs: try left.magnitude()
            case .ceilDivide: try Scalar.ceilDivided(left, by: right)
            case .floor: try left.rounded(.down)
            case .ceil: try left.rounded(.up)
            case .round: try left.rounded(.toNearestOrEven)
            case .truncate: try left.rounded(.towardZero)
            case .float: .double(try left.asDouble())
            case .move: left
            // Only `run` sees jumps.
            case .jumpIfFalse, .jumpIfTrue, .jump: throw .notNumbers
            }
    }

    @inline(__always)
    private static func truth(_ value: Scalar) throws(ArithmeticFault) -> Bool {
        guard let truth = value.isTruthy else { throw .notNumbers }
        return truth
    }

    var isJump: Bool {
        switch operation {
        case .jumpIfFalse, .jumpIfTrue, .jump: true
        default: false
        }
    }
}
