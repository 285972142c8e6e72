/// The elements of a permutation that no condition looks at: they take what the others leave, in any order.
struct Arrangement: Sendable {
    let axes: [Int]
    /// The permutation's other elements.
    let others: [Int]

    /// The number of orders, nil if it does not fit in 128 bits.
    var count: UInt128? {
        var product: UInt128 = 1
        for factor in 1...UInt128(max(1, axes.count)) {
            let (result, overflow) = product.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            product = result
        }
        return product
    }

    /// Gives the elements the order at `rank` of what the others leave.
    func choose(at rank: UInt128, _ indices: inout [Int]) {
        var left = remaining(indices)
        var rest = rank
        for axis in axes {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt128(left.count))
            indices[axis] = left.remove(at: Int(remainder))
            rest = quotient
        }
    }

    func shuffle<G: RandomNumberGenerator>(_ indices: inout [Int], using generator: inout G) {
        for (axis, value) in zip(axes, remaining(indices).shuffled(using: &generator)) { indices[axis] = value }
    }

    private func remaining(_ indices: [Int]) -> [Int] {
        let taken = Set(others.map { indices[$0] })
        return (0..<axes.count + others.count).filter { !taken.contains($0) }
    }
}
