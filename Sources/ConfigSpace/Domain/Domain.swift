/// The values that a parameter, or an element of a list or tuple, can take.
///
/// The order of the values is the order of enumeration; neighbours of numbers are near each other in it.
public indirect enum Domain: Sendable, Hashable {
    /// The powers of two from `min` to `max`, which are powers of two themselves.
    case powerOf2(min: Int, max: Int)
    /// `min`, `min + step`, … up to `max`; `max` itself only if a step lands on it.
    case integer(min: Int, max: Int, step: Int)
    /// Exactly these values, in this order, no two equal.
    case values([Value])
    /// `false`, `true`.
    case boolean
    /// The orders of `0..<length`, as a list.
    case permutation(length: Int)
    /// Lists of `length` values of one domain.
    case list(length: Int, of: Domain)
    /// Lists with a domain for each element.
    case tuple([Domain])

    /// The first value: the least number, `false`, the identity, and so for each element.
    public var naturalDefault: Value {
        switch self {
        case .powerOf2(let min, _), .integer(let min, _, _): .int(min)
        case .values(let values): values.first ?? .null
        case .boolean: .bool(false)
        case .permutation(let length):
            .list((0..<Swift.min(max(0, length), Self.longestPermutation)).map { .int($0) })
        case .list(let length, let element):
            .list(Array(repeating: element.naturalDefault, count: Swift.min(max(0, length), Self.longestList)))
        case .tuple(let elements): .list(elements.map(\.naturalDefault))
        }
    }

    /// The number of values; infinite where it exceeds what a double can say.
    public var cardinality: Double {
        switch self {
        case .powerOf2(let min, let max): Double(Swift.max(0, exponent(of: max) - exponent(of: min) + 1))
        case .integer(let min, let max, let step):
            step > 0 && max >= min ? ((Double(max) - Double(min)) / Double(step)).rounded(.down) + 1 : 0
        case .values(let values): Double(values.count)
        case .boolean: 2
        case .permutation(let length): length < 2 ? 1 : (2...Swift.min(length, 200)).reduce(1) { $0 * Double($1) }
        case .list(let length, let element): power(element.cardinality, length)
        case .tuple(let elements): elements.reduce(1) { $0 * $1.cardinality }
        }
    }

    /// Whether `value` is one of the domain's values, of the very kind the domain has: `64.0` is not in
    /// `powerOf2(min: 1, max: 64)`.
    public func contains(_ value: Value) -> Bool {
        switch (self, value) {
        case (.powerOf2(let min, let max), .int(let number)):
            number >= min && number <= max && number > 0 && number & (number - 1) == 0
        case (.integer(let min, let max, let step), .int(let number)):
            number >= min && number <= max && step > 0 && isMultiple(number, from: min, step: step)
        case (.values(let values), _): values.contains(value)
        case (.boolean, .bool): true
        case (.permutation(let length), .list(let elements)): isPermutation(elements, length: length)
        case (.list(let length, let element), .list(let elements)):
            elements.count == length && elements.allSatisfy { element.contains($0) }
        case (.tuple(let domains), .list(let elements)):
            elements.count == domains.count && zip(domains, elements).allSatisfy { $0.contains($1) }
        default: false
        }
    }

    /// What makes the domain unusable, or nil.
    var fault: String? {
        switch self {
        case .powerOf2(let min, let max):
            if exponent(of: min) < 0 { return "min \(min) is not a power of two" }
            if exponent(of: max) < 0 { return "max \(max) is not a power of two" }
            return min > max ? "it is empty: min \(min) exceeds max \(max)" : nil
        case .integer(let min, let max, let step):
            if step < 1 { return "step \(step) is not positive" }
            if min > max { return "it is empty: min \(min) exceeds max \(max)" }
            let (width, overflow) = max.subtractingReportingOverflow(min)
            return overflow || width == Int.max ? "min \(min) to max \(max) is more than 64 bits can count" : nil
        case .values(let values):
            if values.isEmpty { return "it is empty: there are no values" }
            var seen: Set<Value> = []
            let again = values.first { !seen.insert($0).inserted }
            return again.map { "the value \($0.json) is repeated" }
        case .boolean: return nil
        case .permutation(let length):
            return (0...Self.longestPermutation).contains(length)
                ? nil : "a permutation has a length from 0 to \(Self.longestPermutation), not \(length)"
        case .list(let length, let element):
            return (0...Self.longestList).contains(length)
                ? element.fault : "a list has a length from 0 to \(Self.longestList), not \(length)"
        case .tuple(let elements):
            return elements.lazy.compactMap(\.fault).first
        }
    }

    /// The number of scalars in a value of the domain, `mostScalars + 1` standing for any more.
    var scalarCount: Int {
        switch self {
        case .powerOf2, .integer, .values, .boolean: 1
        case .permutation(let length): length
        case .list(let length, let element): Swift.min(length * element.scalarCount, Self.mostScalars + 1)
        case .tuple(let elements): elements.reduce(0) { Swift.min($0 + $1.scalarCount, Self.mostScalars + 1) }
        }
    }

    static let longestPermutation = 64
    static let longestList = 1024
    static let mostScalars = 4096
}

/// The exponent of a power of two, or -1 for other numbers.
func exponent(of number: Int) -> Int {
    number > 0 && number & (number - 1) == 0 ? number.trailingZeroBitCount : -1
}

func isMultiple(_ number: Int, from start: Int, step: Int) -> Bool {
    let (distance, overflow) = number.subtractingReportingOverflow(start)
    return !overflow && distance % step == 0
}

private func isPermutation(_ elements: [Value], length: Int) -> Bool {
    guard elements.count == length else { return false }
    var seen = Array(repeating: false, count: length)
    for element in elements {
        guard case .int(let number) = element, seen.indices.contains(number), !seen[number] else { return false }
        seen[number] = true
    }
    return true
}

private func power(_ base: Double, _ count: Int) -> Double {
    var result = 1.0
    for _ in 0..<max(0, count) where result.isFinite && base != 1 { result *= base }
    return result
}
