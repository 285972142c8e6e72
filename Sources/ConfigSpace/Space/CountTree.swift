/// The axes of one component (axes that conditions tie together, directly or through others) as a tree: an axis is chosen
/// after those above it, and what hangs below different children is independent once these are chosen.
///
/// Counting goes down the tree, checks a condition at the first axis where all of it is bound, multiplies what is
/// independent, and keeps each count under the choices that it can vary with (AND/OR search with caching, Dechter and
/// Mateescu 2007).
struct CountTree: Sendable {
    struct Node: Sendable {
        /// Where in the tree's `context` those axes above are that the count from here on varies with.
        let context: Range<Int>
        /// The steps that checking one value counts as.
        let cost: Int
        /// The first child and the child after this one; -1 for none.
        fileprivate(set) var firstChild = -1
        fileprivate(set) var nextSibling = -1
        /// Whether counts are worth keeping: a leaf whose context is the whole path is visited once for each.
        fileprivate(set) var isKept = true
    }

    /// The axes of a component are too many to order, or their joint choices exceed what a key can tell apart.
    struct TooWide: Error {}

    /// A component of more axes is not counted exactly.
    static let mostAxes = 128

    /// A node for each step of `binding`, every one after its parent, the root first.
    private(set) var nodes: [Node] = []
    let binding: BindingOrder
    /// Axes, and what one place of each adds to the key of a count.
    private(set) var context: [(axis: Int, stride: UInt128)] = []

    init(_ component: Component, in space: CompiledSpace) throws(TooWide) {
        guard component.axes.count <= Self.mostAxes else { throw TooWide() }
        let cliques = component.conditions.map { space.conditions[$0].axes } + component.rivals
        let elimination = EliminationOrder(cliques: cliques) { space.layout.axes[$0].count }
        let order = Array(elimination.order.reversed())
        binding = BindingOrder(order, in: space)
        let rank = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        var depths: [Int] = []
        for (index, axis) in order.enumerated() {
            let above = elimination.context[axis] ?? []
            let start = context.count
            var stride: UInt128 = 1
            for axis in above {
                context.append((axis, stride))
                let (product, overflow) = stride.multipliedReportingOverflow(by: UInt128(space.layout.axes[axis].count))
                if overflow { throw TooWide() }
                stride = product
            }
            nodes.append(Node(context: start..<context.count, cost: binding.cost(of: index)))
            let parent = above.compactMap { rank[$0] }.max()
            depths.append(parent.map { depths[$0] + 1 } ?? 0)
            if let parent {
                nodes[index].nextSibling = nodes[parent].firstChild
                nodes[parent].firstChild = index
            }
        }
        for index in nodes.indices {
            nodes[index].isKept = nodes[index].firstChild >= 0 || nodes[index].context.count < depths[index]
        }
    }
}
