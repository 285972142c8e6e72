/// The axes of a space, in the order of its parameters, and how parameters are made of them.
struct Layout: Sendable {
    private(set) var axes: [Axis] = []
    private(set) var shapes: [Shape] = []
    /// The axes of each permutation, whose values must differ from each other.
    private(set) var permutations: [Range<Int>] = []
    var symbols = SymbolTable()

    init(_ parameters: [Parameter]) {
        for (index, parameter) in parameters.enumerated() {
            shapes.append(shape(of: parameter.domain, parameter: index))
        }
    }

    private mutating func shape(of domain: Domain, parameter: Int) -> Shape {
        switch domain {
        case .powerOf2(let min, let max):
            let first = exponent(of: min)
            return axis(parameter, .powers(firstExponent: first, count: exponent(of: max) - first + 1))
        case .integer(let min, let max, let step):
            return axis(parameter, .integers(start: min, step: step, count: (max - min) / step + 1))
        case .values(let values):
            return axis(parameter, .table(values, values.map { symbols.scalar(of: $0) }))
        case .boolean:
            return axis(parameter, .booleans)
        case .permutation(let length):
            let start = axes.count
            let elements = (0..<length).map { _ in axis(parameter, .integers(start: 0, step: 1, count: length)) }
            permutations.append(start..<axes.count)
            return .list(elements)
        case .list(let length, let element):
            return .list((0..<length).map { _ in shape(of: element, parameter: parameter) })
        case .tuple(let elements):
            return .list(elements.map { shape(of: $0, parameter: parameter) })
        }
    }

    private mutating func axis(_ parameter: Int, _ choices: Axis.Choices) -> Shape {
        axes.append(Axis(parameter: parameter, choices: choices))
        return .axis(axes.count - 1)
    }

    /// The value of a parameter where each axis has the value at its index.
    func value(of shape: Shape, _ indices: [Int]) -> Value {
        switch shape {
        case .axis(let axis): axes[axis].value(at: indices[axis])
        case .list(let elements): .list(elements.map { value(of: $0, indices) })
        }
    }

    /// Hands each axis of `shape` the scalar that `value`, of the shape's domain, has there.
    func scatter(_ value: Value, over shape: Shape, _ set: (Int, Value) -> Void) {
        switch (shape, value) {
        case (.axis(let axis), _): set(axis, value)
        case (.list(let shapes), .list(let values)):
            for (shape, value) in zip(shapes, values) { scatter(value, over: shape, set) }
        case (.list, _): break
        }
    }
}
