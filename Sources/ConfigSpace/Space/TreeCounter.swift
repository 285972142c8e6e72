/// Counts the valid choices of a component's axes, and finds the one at a given place in their order.
struct TreeCounter: Sendable {
    private let tree: CountTree
    private let space: CompiledSpace
    private var kept: [[UInt128: UInt128]]
    private var assignment: Assignment
    private var work = 0

    /// Counting was given up, for its work or because the number does not fit in 128 bits.
    struct GivenUp: Error {}

    /// What keeping a count costs, beside a step that checks one value.
    private static let costOfKeeping = 4

    init(_ tree: CountTree, in space: CompiledSpace) {
        self.tree = tree
        self.space = space
        kept = Array(repeating: [:], count: tree.nodes.count)
        assignment = Assignment(space)
    }

    /// The number of valid choices, in at most `mostWork` steps.
    mutating func count(mostWork: Int) throws(GivenUp) -> UInt128 {
        work = mostWork
        return try count(from: 0)
    }

    /// Hands over the index of each axis's value in the choice at `rank`, which is below the count.
    mutating func choose(at rank: UInt128, _ set: (_ axis: Int, _ index: Int) -> Void) throws(GivenUp) {
        work = Int.max
        try choose(at: rank, from: 0, set)
    }

    private mutating func count(from node: Int) throws(GivenUp) -> UInt128 {
        let key = tree.nodes[node].context.reduce(UInt128(0)) { key, part in
            key + UInt128(assignment.indices[part.axis]) * part.stride
        }
        if tree.nodes[node].isKept, let known = kept[node][key] { return known }
        var total: UInt128 = 0
        for index in 0..<space.layout.axes[tree.nodes[node].axis].count {
            let (sum, overflow) = total.addingReportingOverflow(try count(from: node, choosing: index))
            if overflow { throw GivenUp() }
            total = sum
        }
        if tree.nodes[node].isKept {
            try spend(Self.costOfKeeping)
            kept[node][key] = total
        }
        return total
    }

    /// The count of what hangs below `node` where its axis has the value at `index`.
    private mutating func count(from node: Int, choosing index: Int) throws(GivenUp) -> UInt128 {
        guard try fits(index, at: node) else { return 0 }
        var product: UInt128 = 1
        for child in tree.nodes[node].children {
            let below = try count(from: child)
            if below == 0 { return 0 }
            let (result, overflow) = product.multipliedReportingOverflow(by: below)
            if overflow { throw GivenUp() }
            product = result
        }
        return product
    }

    private mutating func choose(
        at rank: UInt128, from node: Int, _ set: (_ axis: Int, _ index: Int) -> Void
    ) throws(GivenUp) {
        var rest = rank
        for index in 0..<space.layout.axes[tree.nodes[node].axis].count {
            let below = try count(from: node, choosing: index)
            guard rest >= below else {
                set(tree.nodes[node].axis, index)
                for child in tree.nodes[node].children {
                    let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: try count(from: child))
                    try choose(at: remainder, from: child, set)
                    rest = quotient
                }
                return
            }
            rest -= below
        }
    }

    /// Binds the node's axis to the value, and says whether what is bound so far is valid.
    private mutating func fits(_ index: Int, at node: Int) throws(GivenUp) -> Bool {
        try spend(tree.nodes[node].cost)
        for rival in tree.nodes[node].rivals where assignment.indices[rival] == index { return false }
        assignment.bind(tree.nodes[node].axis, to: index, in: space)
        for condition in tree.nodes[node].conditions where !assignment.satisfies(condition, in: space) { return false }
        return true
    }

    private mutating func spend(_ amount: Int) throws(GivenUp) {
        work -= amount
        if work < 0 { throw GivenUp() }
    }
}
