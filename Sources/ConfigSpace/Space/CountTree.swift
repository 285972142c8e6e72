/// The axes of one component (axes that conditions tie together, directly or through others) as a tree: an axis is chosen
/// after those above it, and what hangs below different children is independent once these are chosen.
///
/// Counting goes down the tree, checks a condition at the first axis where all of it is bound, multiplies what is
/// independent, and keeps each count under the choices that it can vary with (AND/OR search with caching, Dechter and
/// Mateescu 2007).
struct CountTree: Sendable {
    struct Node: Sendable {
        let axis: Int
        /// The conditions whose other axes are all above.
        let conditions: [Condition]
        /// The axes above of the same permutation.
        let rivals: [Int]
        /// The axes above that the count from here on varies with, and what one step of each adds to the key of that count.
        let context: [(axis: Int, stride: UInt128)]
        /// The steps that checking one value counts as; the general evaluator is slow.
        let cost: Int
        fileprivate(set) var children: [Int] = []
        /// Whether counts are worth keeping: a leaf whose context is the whole path is visited once for each.
        fileprivate(set) var isKept = true
    }

    /// The axes of a component are too many to order, or their joint choices exceed what a key can tell apart.
    struct TooWide: Error {}

    /// A component of more axes is not counted exactly.
    static let mostAxes = 128

    private static let costOfGeneralEvaluation = 30

    /// Every node comes after its parent; the root is the first.
    private(set) var nodes: [Node] = []

    init(_ axes: [Int], _ conditions: [Condition], rivals: [[Int]], in space: CompiledSpace) throws(TooWide) {
        guard axes.count <= Self.mostAxes else { throw TooWide() }
        let elimination = EliminationOrder(cliques: conditions.map(\.axes) + rivals) { space.layout.axes[$0].count }
        let order = Array(elimination.order.reversed())
        let rank = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        var depths: [Int] = []
        for (index, axis) in order.enumerated() {
            let above = elimination.context[axis] ?? []
            var stride: UInt128 = 1
            var context: [(axis: Int, stride: UInt128)] = []
            for axis in above {
                context.append((axis, stride))
                let (product, overflow) = stride.multipliedReportingOverflow(by: UInt128(space.layout.axes[axis].count))
                if overflow { throw TooWide() }
                stride = product
            }
            let closing = conditions.filter { condition in
                condition.axes.contains(axis) && condition.axes.allSatisfy { rank[$0] ?? 0 <= index }
            }
            let mates = rivals.filter { $0.contains(axis) }.joined()
            nodes.append(
                Node(
                    axis: axis, conditions: closing, rivals: mates.filter { rank[$0] ?? 0 < index }, context: context,
                    cost: closing.reduce(1) { $0 + ($1.program == nil ? Self.costOfGeneralEvaluation : 0) }))
            let parent = above.compactMap { rank[$0] }.max()
            depths.append(parent.map { depths[$0] + 1 } ?? 0)
            if let parent { nodes[parent].children.append(index) }
        }
        for index in nodes.indices {
            nodes[index].isKept = !nodes[index].children.isEmpty || nodes[index].context.count < depths[index]
        }
    }
}
