/// Axes that conditions tie together, directly or through others: what is chosen for them bears on nothing else.
struct Component: Sendable {
    /// The space's axes, ascending.
    let axes: [Int]
    /// Indices of the space's conditions.
    let conditions: [Int]
    /// Groups of the axes that are elements of one permutation.
    let rivals: [[Int]]
}

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

/// A space taken apart into what can be chosen independently.
struct Decomposition: Sendable {
    /// Axes that no condition looks at.
    private(set) var free: [Int] = []
    private(set) var components: [Component] = []
    private(set) var arrangements: [Arrangement] = []

    init(_ space: CompiledSpace) {
        var groups = Dictionary(uniqueKeysWithValues: space.layout.axes.indices.map { ($0, $0) })
        func root(_ axis: Int) -> Int {
            var axis = axis
            while let next = groups[axis], next != axis { axis = next }
            return axis
        }
        let constrained = Set(space.conditions.flatMap(\.axes))
        let rivals = space.layout.permutations.map { $0.filter(constrained.contains) }.filter { !$0.isEmpty }
        for group in space.conditions.map(\.axes) + rivals {
            for axis in group.dropFirst() { groups[root(axis)] = root(group[0]) }
        }
        let members = Dictionary(grouping: constrained.sorted(), by: root)
        for (top, axes) in members.sorted(by: { $0.value[0] < $1.value[0] }) {
            components.append(
                Component(
                    axes: axes,
                    conditions: space.conditions.indices.filter { root(space.conditions[$0].axes[0]) == top },
                    rivals: rivals.filter { root($0[0]) == top }))
        }
        for permutation in space.layout.permutations where permutation.count > 1 {
            let (others, axes) = (
                permutation.filter(constrained.contains), permutation.filter { !constrained.contains($0) }
            )
            if !axes.isEmpty { arrangements.append(Arrangement(axes: axes, others: others)) }
        }
        free = space.layout.axes.indices.filter { axis in
            !constrained.contains(axis) && space.permutation[axis] == nil && space.layout.axes[axis].count > 1
        }
    }
}
