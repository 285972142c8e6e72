extension Domain {
    /// What `value` becomes by steps of one scalar, one direction after another, in each the nearest value first.
    ///
    /// Texts have no order, so each other one is a direction of its own; so is each swap of two elements of a permutation
    /// that stand side by side.
    func steps(from value: Value) -> [[Value]] {
        switch (self, value) {
        case (.powerOf2(let min, let max), .int(let number)):
            let first = exponent(of: min)
            let ways = Self.ways(from: exponent(of: number) - first, count: exponent(of: max) - first + 1)
            return ways.map { way in way.map { .int(1 << (first + $0)) } }
        case (.integer(let min, let max, let step), .int(let number)):
            let count = (max - min) / step + 1
            return Self.ways(from: (number - min) / step, count: count).map { way in way.map { .int(min + step * $0) } }
        case (.values(let values), _):
            guard Self.areOrdered(values), let place = values.firstIndex(of: value) else {
                return values.filter { $0 != value }.map { [$0] }
            }
            return Self.ways(from: place, count: values.count).map { way in way.map { values[$0] } }
        case (.boolean, .bool(let isTrue)): return [[.bool(!isTrue)]]
        case (.permutation, .list(let elements)):
            return elements.indices.dropLast().map { place in
                var swapped = elements
                swapped.swapAt(place, place + 1)
                return [.list(swapped)]
            }
        case (.list(_, let element), .list(let elements)): return steps(from: elements) { _ in element }
        case (.tuple(let domains), .list(let elements)): return steps(from: elements) { domains[$0] }
        default: return []
        }
    }

    private func steps(from elements: [Value], _ domain: (Int) -> Domain) -> [[Value]] {
        elements.indices.flatMap { index in
            domain(index).steps(from: elements[index]).map { way in
                way.map { step in
                    var changed = elements
                    changed[index] = step
                    return .list(changed)
                }
            }
        }
    }

    /// Farther ones are not adjacent in any sense.
    private static let farthest = 32

    /// The places below and above `place`, the nearest first.
    private static func ways(from place: Int, count: Int) -> [[Int]] {
        [
            Array((Swift.max(0, place - farthest)..<Swift.max(0, place)).reversed()),
            Array(Swift.min(place + 1, count)..<Swift.min(place + 1 + farthest, count)),
        ]
    }
}
