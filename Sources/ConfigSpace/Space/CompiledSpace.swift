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
