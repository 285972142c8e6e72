/// An order of a component's axes in which few earlier choices bear on each.
///
/// Axes are taken away one by one, always one that has the fewest joint values with its neighbours (the axes it shares a
/// condition with); its neighbours become neighbours of each other. What is taken last is chosen first, and the neighbours that an
/// axis had when it was taken are all that the count of what depends on it can vary with (bucket elimination, Dechter 1999;
/// the greedy order is known as min-weight).
struct EliminationOrder {
    /// The axes in the order they were taken.
    private(set) var order: [Int] = []
    /// For each axis taken, the neighbours it had then, which are taken later.
    private(set) var context: [Int: [Int]] = [:]

    /// `cliques` are groups of axes that bear on each other; `sizes` gives each axis's number of values.
    init(cliques: [[Int]], sizes: (Int) -> Int) {
        var neighbours: [Int: Set<Int>] = [:]
        var memberships: [Int: Int] = [:]
        for clique in cliques {
            for axis in clique {
                neighbours[axis, default: []].formUnion(clique)
                memberships[axis, default: 0] += 1
            }
        }
        for axis in neighbours.keys { neighbours[axis]?.remove(axis) }
        let logs = Dictionary(uniqueKeysWithValues: neighbours.keys.map { ($0, logarithm(sizes($0))) })
        while !neighbours.isEmpty {
            // Of equals the one in fewer conditions, so that many close early; then the one with more values.
            let ranked = neighbours.map { axis, near in
                (
                    weight: near.union([axis]).sorted().reduce(0) { $0 + (logs[$1] ?? 0) },
                    memberships: memberships[axis] ?? 0,
                    size: -sizes(axis), axis: axis
                )
            }
            guard
                let taken = ranked.min(by: {
                    ($0.weight, $0.memberships, $0.size, $0.axis) < ($1.weight, $1.memberships, $1.size, $1.axis)
                })?.axis
            else { return }
            let near = neighbours.removeValue(forKey: taken) ?? []
            for axis in near {
                neighbours[axis]?.formUnion(near)
                neighbours[axis]?.remove(axis)
                neighbours[axis]?.remove(taken)
            }
            order.append(taken)
            context[taken] = near.sorted()
        }
    }
}

/// The base-2 logarithm, as near as the order needs it.
private func logarithm(_ number: Int) -> Double {
    let value = Double(max(1, number))
    return Double(value.exponent) + value.significand - 1
}
