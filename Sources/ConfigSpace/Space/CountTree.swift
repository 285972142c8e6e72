/// The axes of one component (axes that conditions tie together, directly or through others) as a tree: an axis is chosen
/// after those above it, and what hangs below different children is independent once these are chosen.
///
/// Counting goes down the tree, checks a condition at the first axis where all of it is bound, multiplies what is
/// independent, and keeps each count under the choices that it can vary with (AND/OR search with caching, Dechter and
/// Mateescu 2007).
struct CountTree: Sendable {
    struct Node: Sendable {
        /// The steps that checking one value counts as.
        let cost: Int
        /// The first child and the child after this one; -1 for none.
        fileprivate(set) var firstChild = -1
        fileprivate(set) var nextSibling = -1
        /// Whether counts are worth keeping: counting again is cheap for a leaf with few values, and while counting, one
        /// that depends on the whole path is asked once for each.
        fileprivate(set) var isKept = true
    }

    /// A component of more axes is not counted exactly.
    static let mostAxes = 128
    private static let fewValues = 8

    /// A node for each step of `binding`, every one after its parent, the root first.
    private(set) var nodes: [Node] = []
    let binding: BindingOrder
    /// For each node what the count from there on depends on: as few cells as can be, and as axes alone; nil for too many.
    private(set) var live: [LiveCells?] = []
    private(set) var context: [LiveCells?] = []

    /// Nil where the component has too many axes.
    init?(_ component: Component, in space: CompiledSpace) {
        guard component.axes.count <= Self.mostAxes else { return nil }
        let cliques = component.conditions.map { space.conditions[$0].axes } + component.rivals
        let elimination = EliminationOrder(cliques: cliques) { space.layout.axes[$0].count }
        let order = Array(elimination.order.reversed())
        binding = BindingOrder(order, in: space)
        let rank = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        var parents: [Int?] = []
        var depths: [Int] = []
        for (index, axis) in order.enumerated() {
            let above = elimination.context[axis] ?? []
            nodes.append(Node(cost: binding.cost(of: index)))
            context.append(LiveCells(Set(above), in: space))
            let parent = above.compactMap { rank[$0] }.max()
            parents.append(parent)
            depths.append(parent.map { depths[$0] + 1 } ?? 0)
            if let parent {
                nodes[index].nextSibling = nodes[parent].firstChild
                nodes[parent].firstChild = index
            }
        }
        var needed: [Set<Int>] = Array(repeating: [], count: nodes.count)
        let written = binding.writtenCells
        for index in nodes.indices.reversed() {
            let cells = binding.cells(of: index)
            needed[index] = needed[index].union(cells.read).intersection(written).subtracting(cells.written)
            if let parent = parents[index] { needed[parent].formUnion(needed[index]) }
            let isWholePath = nodes[index].firstChild < 0 && needed[index].count >= depths[index]
            nodes[index].isKept = !isWholePath || binding.steps[index].count > Self.fewValues
        }
        live = needed.map { LiveCells($0, in: space) }
    }
}
