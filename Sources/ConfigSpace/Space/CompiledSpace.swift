/// What enumeration, counting and sampling work on: axes, and the conditions between them.
///
/// A class because everything that searches refers to it, and it never changes.
final class CompiledSpace: Sendable {
    let layout: Layout
    let conditions: [Condition]
    /// The cells while nothing is bound, constants filled in.
    let cells: [Scalar]
    /// For each axis the axes of the same permutation, if it is of one.
    let permutation: [Range<Int>?]
    /// Whether a condition fails that nothing can be chosen for.
    let isImpossible: Bool

    /// The names in `constraints` are known to be parameters or constants.
    init(_ parameters: [Parameter], _ constraints: [Constraint], constants: [String: Value]) {
        var layout = Layout(parameters)
        var cells = Array(repeating: Scalar.null, count: layout.axes.count)
        var conditions: [Condition] = []
        var isImpossible = false
        let indices = Dictionary(parameters.indices.map { (parameters[$0].name, $0) }) { first, _ in first }
        for constraint in constraints {
            let names = constraint.expression.names.map { name -> Condition.Binding in
                if let index = indices[name] { return .parameter(index) }
                return .constant(constants[name] ?? .null)
            }
            for part in Condition.conjuncts(of: constraint.expression) {
                let condition = Condition(constraint.expression, part, names: names, layout: &layout, cells: &cells)
                if !condition.axes.isEmpty {
                    conditions.append(condition)
                } else if !condition.holdsSlowly({ parameters[$0].domain.naturalDefault }) {
                    isImpossible = true
                }
            }
        }
        var permutation: [Range<Int>?] = Array(repeating: nil, count: layout.axes.count)
        for range in layout.permutations {
            for axis in range { permutation[axis] = range }
        }
        self.layout = layout
        self.conditions = conditions
        self.permutation = permutation
        self.isImpossible = isImpossible
        self.cells = cells
    }

    /// Whether a condition holds for what is in the cells; nil where the general evaluator is needed.
    func holdsFast(_ condition: Int, _ cells: inout [Scalar]) -> Bool? {
        conditions[condition].program?.holds(&cells)
    }
}

/// The values chosen so far, axis by axis.
struct Assignment: Sendable {
    private let space: CompiledSpace
    /// The index of each axis's value among its choices.
    private(set) var indices: [Int]
    /// A scalar for each axis, then what conditions compute with.
    var cells: [Scalar]

    /// Axes without a choice are bound from the start.
    init(_ space: CompiledSpace) {
        self.space = space
        indices = Array(repeating: 0, count: space.layout.axes.count)
        cells = space.cells
        for axis in indices.indices where space.layout.axes[axis].count == 1 { bind(axis, to: 0) }
    }

    mutating func bind(_ axis: Int, to index: Int) {
        indices[axis] = index
        cells[axis] = space.layout.scalar(of: axis, at: index)
    }

    /// Whether the condition holds; its axes are bound.
    mutating func satisfies(_ condition: Int) -> Bool {
        if let holds = space.holdsFast(condition, &cells) { return holds }
        return space.conditions[condition].holdsSlowly { value(of: $0) }
    }

    func value(of parameter: Int) -> Value {
        space.layout.value(of: space.layout.shapes[parameter], indices)
    }
}
