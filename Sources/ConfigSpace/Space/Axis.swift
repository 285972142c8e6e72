/// One scalar to choose: a scalar parameter, or one element of a list, tuple or permutation.
struct Axis: Sendable {
    /// The index of the parameter it belongs to.
    let parameter: Int
    let choices: Choices

    enum Choices: Sendable {
        case integers(start: Int, step: Int, count: Int)
        case powers(firstExponent: Int, count: Int)
        case table([Value], [Scalar])
        case booleans
    }

    var count: Int {
        switch choices {
        case .integers(_, _, let count), .powers(_, let count): count
        case .table(let values, _): values.count
        case .booleans: 2
        }
    }

    func value(at index: Int) -> Value {
        switch choices {
        case .integers(let start, let step, _): .int(start + step * index)
        case .powers(let firstExponent, _): .int(1 << (firstExponent + index))
        case .table(let values, _): values[index]
        case .booleans: .bool(index == 1)
        }
    }

    /// The place of `value`, which is one of the choices.
    func index(of value: Value) -> Int {
        switch (choices, value) {
        case (.integers(let start, let step, _), .int(let number)): (number - start) / step
        case (.powers(let firstExponent, _), .int(let number)): number.trailingZeroBitCount - firstExponent
        case (.table(let values, _), _): values.firstIndex(of: value) ?? 0
        case (.booleans, .bool(let isTrue)): isTrue ? 1 : 0
        default: 0
        }
    }

    func scalar(at index: Int) -> Scalar {
        switch choices {
        case .integers(let start, let step, _): .int(start + step * index)
        case .powers(let firstExponent, _): .int(1 << (firstExponent + index))
        case .table(_, let scalars): scalars[index]
        case .booleans: .int(index)
        }
    }
}

/// How the value of a parameter is made of axes.
indirect enum Shape: Sendable {
    case axis(Int)
    case list([Shape])

    /// The axes in the order of the elements.
    var axes: [Int] {
        switch self {
        case .axis(let axis): [axis]
        case .list(let elements): elements.flatMap(\.axes)
        }
    }
}

/// The strings of a space, so that comparing two is comparing two numbers.
struct SymbolTable: Sendable {
    private var indices: [String: Int] = ["": 0]

    /// `value` as constraints see it; strings are entered into the table.
    mutating func scalar(of value: Value) -> Scalar {
        if let number = Scalar(number: value) { return number }
        switch value {
        case .null: return .null
        case .string(let text):
            let index = indices[text] ?? indices.count
            indices[text] = index
            return .symbol(index)
        default: return .opaque
        }
    }

    /// `value` as constraints see it; opaque where it is a string that the space does not have.
    func known(_ value: Value) -> Scalar {
        if let number = Scalar(number: value) { return number }
        switch value {
        case .null: return .null
        case .string(let text): return indices[text].map { .symbol($0) } ?? .opaque
        default: return .opaque
        }
    }
}
