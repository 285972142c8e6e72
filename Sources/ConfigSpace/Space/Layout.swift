/// The axes of a space, in the order of its parameters, and how parameters are made of them.
struct Layout: Sendable {
    private(set) var axes: [Axis] = []
    private(set) var shapes: [Shape] = []
    /// The axes of each permutation, whose values must differ from each other.
    private(set) var permutations: [Range<Int>] = []
    var symbols = SymbolTable()
    /// The values of all axes that list theirs, and the same as constraints see them.
    private var table: [Value] = []
    private var scalars: [Scalar] = []

    init(_ parameters: [Parameter]) {
        for (index, parameter) in parameters.enumerated() {
            shapes.append(shape(of: parameter.domain, parameter: index))
        }
    }

    private mutating func shape(of domain: Domain, parameter: Int) -> Shape {
        switch domain {
        case .powerOf2(let min, let max):
            let first = exponent(of: min)
            return axis(parameter, exponent(of: max) - first + 1, .powers(firstExponent: first))
        case .integer(let min, let max, let step):
            return axis(parameter, (max - min) / step + 1, .integers(start: min, step: step))
        case .values(let values):
            let start = table.count
            table += values
            for value in values { scalars.append(symbols.scalar(of: value)) }
            return axis(parameter, values.count, .table(start: start))
        case .boolean:
            return axis(parameter, 2, .booleans)
        case .permutation(let length):
            let start = axes.count
            let elements = (0..<length).map { _ in axis(parameter, length, .integers(start: 0, step: 1)) }
            permutations.append(start..<axes.count)
            return .list(elements)
        case .list(let length, let element):
            return .list((0..<length).map { _ in shape(of: element, parameter: parameter) })
        case .tuple(let elements):
            return .list(elements.map { shape(of: $0, parameter: parameter) })
        }
    }

    private mutating func axis(_ parameter: Int, _ count: Int, _ choices: Axis.Choices) -> Shape {
        axes.append(Axis(parameter: parameter, count: count, choices: choices))
        return .axis(axes.count - 1)
    }

    func scalar(of axis: Int, at index: Int) -> Scalar {
        switch axes[axis].choices {
        case .integers(let start, let step): .int(start + step * index)
        case .powers(let firstExponent): .int(1 << (firstExponent + index))
        case .table(let start): scalars[start + index]
        case .booleans: .int(index)
        }
    }

    func value(of axis: Int, at index: Int) -> Value {
        switch axes[axis].choices {
        case .integers(let start, let step): .int(start + step * index)
        case .powers(let firstExponent): .int(1 << (firstExponent + index))
        case .table(let start): table[start + index]
        case .booleans: .bool(index == 1)
        }
    }

    /// The place of `value` among the axis's choices, of which it is one.
    func index(of value: Value, on axis: Int) -> Int {
        switch (axes[axis].choices, value) {
        case (.integers(let start, let step), .int(let number)): (number - start) / step
        case (.powers(let firstExponent), .int(let number)): number.trailingZeroBitCount - firstExponent
        case (.table(let start), _):
            table[start..<start + axes[axis].count].firstIndex(of: value).map { $0 - start } ?? 0
        case (.booleans, .bool(let isTrue)): isTrue ? 1 : 0
        default: 0
        }
    }

    /// The value of a parameter where each axis has the value at its index.
    func value(of shape: Shape, _ indices: [Int]) -> Value {
        switch shape {
        case .axis(let axis): value(of: axis, at: indices[axis])
        case .list(let elements): .list(elements.map { value(of: $0, indices) })
        }
    }

    /// Hands over each axis of `shape` with what `value`, of the shape's domain, has there.
    func scatter(_ value: Value, over shape: Shape, _ set: (_ axis: Int, _ value: Value) -> Void) {
        switch (shape, value) {
        case (.axis(let axis), _): set(axis, value)
        case (.list(let shapes), .list(let values)):
            for (shape, value) in zip(shapes, values) { scatter(value, over: shape, set) }
        case (.list, _): break
        }
    }
}
