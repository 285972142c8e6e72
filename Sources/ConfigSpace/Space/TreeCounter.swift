/// Counts the valid choices of a component's axes, and finds the one at a given place in their order.
struct TreeCounter: Sendable {
    private let tree: CountTree
    private var kept: [[UInt128: UInt128]]
    private var assignment: Assignment
    private var work = 0

    /// Counting was given up, for its work or because the number does not fit in 128 bits.
    struct GivenUp: Error {}

    /// What keeping a count costs, beside a step that checks one value.
    private static let costOfKeeping = 4

    init(_ tree: CountTree, in space: CompiledSpace) {
        self.tree = tree
        kept = Array(repeating: [:], count: tree.nodes.count)
        assignment = tree.binding.start(space)
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
        let isKept = tree.nodes[node].isKept
        let key = isKept ? key(of: node) : 0
        if isKept, let known = kept[node][key] { return known }
        var total: UInt128 = 0
        for index in 0..<tree.binding.steps[node].count {
            let (sum, overflow) = total.addingReportingOverflow(try count(from: node, choosing: index))
            if overflow { throw GivenUp() }
            total = sum
        }
        if isKept {
            try spend(Self.costOfKeeping)
            kept[node][key] = total
        }
        return total
    }

    private func key(of node: Int) -> UInt128 {
        var key: UInt128 = 0
        for place in tree.nodes[node].context {
            key += UInt128(assignment.indices[tree.context[place].axis]) * tree.context[place].stride
        }
        return key
    }

    /// The count of what hangs below `node` where its axis has the value at `index`.
    private mutating func count(from node: Int, choosing index: Int) throws(GivenUp) -> UInt128 {
        try spend(tree.nodes[node].cost)
        guard tree.binding.fits(index, at: node, &assignment) else { return 0 }
        if tree.nodes[node].firstChild < 0 { return 1 }
        tree.binding.prepare(node, &assignment)
        var product: UInt128 = 1
        var child = tree.nodes[node].firstChild
        while child >= 0 {
            let below = try count(from: child)
            if below == 0 { return 0 }
            let (result, overflow) = product.multipliedReportingOverflow(by: below)
            if overflow { throw GivenUp() }
            product = result
            child = tree.nodes[child].nextSibling
        }
        return product
    }

    private mutating func choose(
        at rank: UInt128, from node: Int, _ set: (_ axis: Int, _ index: Int) -> Void
    ) throws(GivenUp) {
        var rest = rank
        for index in 0..<tree.binding.steps[node].count {
            let below = try count(from: node, choosing: index)
            guard rest >= below else {
                set(tree.binding.steps[node].axis, index)
                var child = tree.nodes[node].firstChild
                while child >= 0 {
                    let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: try count(from: child))
                    try choose(at: remainder, from: child, set)
                    rest = quotient
                    child = tree.nodes[child].nextSibling
                }
                return
            }
            rest -= below
        }
    }

    private mutating func spend(_ amount: Int) throws(GivenUp) {
        work -= amount
        if work < 0 { throw GivenUp() }
    }
}
