/// A binary tree over binned features.
struct DecisionTree: Sendable {
    /// Small, since a forest has many thousands; the left child is the node that follows.
    struct Node: Sendable {
        /// Negative for a leaf.
        var feature: Int32 = -1
        /// Rows whose bin is at most this go left.
        var threshold: UInt8 = 0
        var right: Int32 = 0
        /// Of a leaf: what its rows say on average, and their variance. For a class that is its weighted share.
        var mean: Float = 0
        var variance: Float = 0
    }

    /// The root first.
    let nodes: [Node]

    /// The number of the leaf that a row falls into.
    @inline(__always)
    func leaf(of row: Span<UInt8>) -> Int {
        let nodes = nodes.span
        var index = 0
        while true {
            let node = nodes[index]
            if node.feature < 0 { return index }
            index = row[Int(node.feature)] <= node.threshold ? index + 1 : Int(node.right)
        }
    }

    /// The weighted share of the class in a leaf.
    @inline(__always)
    func share(ofLeaf leaf: Int) -> Double { Double(nodes[leaf].mean) }
}
