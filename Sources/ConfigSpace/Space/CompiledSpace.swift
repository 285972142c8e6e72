/// What enumeration, counting and sampling work on: axes, and the conditions between them.
struct CompiledSpace: Sendable {
    private(set) var layout: Layout
    private(set) var conditions: [Condition] = []
    /// The cells of a config that is yet unbound, constants filled in.
    private(set) var cells: [Scalar]
    /// Whether a condition fails that nothing can be chosen for.
    private(set) var isImpossible = false
    /// For each axis the axes of the same permutation, if it is of one.
    let permutation: [Range<Int>?]

    /// The names in `constraints` are known to be parameters or constants.
    init(_ parameters: [Parameter], _ constraints: [Constraint], constants: [String: Value]) {
        layout = Layout(parameters)
        cells = Array(repeating: .null, count: layout.axes.count)
        var permutation: [Range<Int>?] = Array(repeating: nil, count: layout.axes.count)
        for range in layout.permutations {
            for axis in range { permutation[axis] = range }
        }
        self.permutation = permutation
        let indices = Dictionary(parameters.indices.map { (parameters[$0].name, $0) }) { first, _ in first }
        for constraint in constraints {
            let expression = constraint.expression
            let names = expression.names.map { name -> Condition.Binding in
                if let index = indices[name] { return .parameter(index) }
                return .constant(constants[name] ?? .null)
            }
            for range in Condition.conjuncts(of: expression) { add(expression, range, names) }
        }
    }

    private mutating func add(_ expression: Expression, _ range: Range<Int>, _ names: [Condition.Binding]) {
        let axes = Condition.axes(of: expression, range, names: names, layout)
        if axes.isEmpty {
            let fixed = Condition(expression: expression, range: range, names: names, axes: [], program: nil)
            let first = Array(repeating: 0, count: layout.axes.count)
            if !fixed.holdsSlowly({ layout.value(of: layout.shapes[$0], first) }) { isImpossible = true }
            return
        }
        let operands = names.map { name -> Lowering.Operand in
            switch name {
            case .parameter(let index): Lowering.Operand(layout.shapes[index])
            case .constant(let value): .constant(value)
            }
        }
        let program = Lowering.lower(
            expression.program.code, range, names: operands, symbols: &layout.symbols, cells: &cells)
        conditions.append(Condition(expression: expression, range: range, names: names, axes: axes, program: program))
    }
}

/// The values chosen so far, axis by axis.
struct Assignment {
    /// The index of each axis's value among its choices.
    private(set) var indices: [Int]
    private var cells: [Scalar]

    /// Axes without a choice are bound from the start.
    init(_ space: CompiledSpace) {
        indices = Array(repeating: 0, count: space.layout.axes.count)
        cells = space.cells
        for axis in indices.indices where space.layout.axes[axis].count == 1 { bind(axis, to: 0, in: space) }
    }

    mutating func bind(_ axis: Int, to index: Int, in space: CompiledSpace) {
        indices[axis] = index
        cells[axis] = space.layout.axes[axis].scalar(at: index)
    }

    /// Whether the condition holds; its axes are bound.
    mutating func satisfies(_ condition: Condition, in space: CompiledSpace) -> Bool {
        if let holds = condition.program?.holds(&cells) { return holds }
        return condition.holdsSlowly { parameter in
            space.layout.value(of: space.layout.shapes[parameter], indices)
        }
    }
}
