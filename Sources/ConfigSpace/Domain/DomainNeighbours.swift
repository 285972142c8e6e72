extension Domain {
    /// The values next to `value`: with one scalar, or one swap of a permutation, changed.
    ///
    /// Of a scalar's choices all others, up to `mostListed`; of more, those 1, 2, 4, … places away on both sides.
    /// Texts have no order, so of them all others always.
    func neighbours(of value: Value) -> [Value] {
        switch (self, value) {
        case (.powerOf2(let min, let max), _):
            return (exponent(of: min)...exponent(of: max)).map { .int(1 << $0) }.filter { $0 != value }
        case (.integer(let min, let max, let step), .int(let number)):
            let places = Self.places(near: (number - min) / step, count: (max - min) / step + 1)
            return places.map { .int(min + step * $0) }
        case (.values(let values), _):
            guard Self.areOrdered(values), let place = values.firstIndex(of: value) else {
                return values.filter { $0 != value }
            }
            return Self.places(near: place, count: values.count).map { values[$0] }
        case (.boolean, .bool(let isTrue)): return [.bool(!isTrue)]
        case (.permutation, .list(let elements)):
            return elements.indices.flatMap { first in
                elements[(first + 1)...].indices.map { second in
                    var swapped = elements
                    swapped.swapAt(first, second)
                    return .list(swapped)
                }
            }
        case (.list(_, let element), .list(let elements)):
            return neighbours(of: elements) { _ in element }
        case (.tuple(let domains), .list(let elements)):
            return neighbours(of: elements) { domains[$0] }
        default: return []
        }
    }

    private func neighbours(of elements: [Value], _ domain: (Int) -> Domain) -> [Value] {
        elements.indices.flatMap { index in
            domain(index).neighbours(of: elements[index]).map { neighbour in
                var changed = elements
                changed[index] = neighbour
                return .list(changed)
            }
        }
    }

    /// Whether values are numbers all, so that some are nearer to each other than others.
    static func areOrdered(_ values: [Value]) -> Bool { values.allSatisfy { Scalar(number: $0) != nil } }

    private static let mostListed = 32

    /// Places other than `place` among `count`, ascending.
    private static func places(near place: Int, count: Int) -> [Int] {
        if count <= mostListed { return (0..<count).filter { $0 != place } }
        let distances = (0..<Int.bitWidth - 1).map { 1 << $0 }.prefix { $0 < count }
        let below = distances.filter { $0 <= place }.map { place - $0 }
        let above = distances.filter { $0 < count - place }.map { place + $0 }
        return below.reversed() + above
    }
}
