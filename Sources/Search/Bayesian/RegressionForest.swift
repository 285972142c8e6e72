/// Regression trees on bootstrap samples with random features at each split (Breiman, Random Forests, 2001), whose spread
/// stands for what they do not know (Hutter, Hoos and Leyton-Brown, SMAC, 2011).
struct RegressionForest: Sendable {
    private let trees: [DecisionTree]

    init<G: RandomNumberGenerator>(_ known: Observations, trees: Int, using generator: inout G) {
        let count = known.rows.featureCount
        var grower = TreeGrower<LeastSquares>(
            columns: known.rows.columns, binCounts: known.rows.binCounts,
            addends: known.values.map { SIMD4(1, $0, $0 * $0, 1) },
            options: .init(mostFeatures: max(1, Int(Double(count).squareRoot().rounded(.up)))))
        self.trees = (0..<trees).map { _ in grower.tree(using: &generator) }
    }

    func predict(_ rows: BinMatrix) -> [Prediction] {
        var sums = [SIMD2<Double>](repeating: .zero, count: rows.count)
        let bins = rows.bins.span
        for tree in trees {
            for row in 0..<rows.count {
                let start = row * rows.featureCount
                let node = tree.nodes[tree.leaf(of: bins.extracting(start..<start + rows.featureCount))]
                let mean = Double(node.mean)
                sums[row] += SIMD2(mean, mean * mean + Double(node.variance))
            }
        }
        return sums.map { sum in
            let (mean, squares) = (sum.x / Double(trees.count), sum.y / Double(trees.count))
            return Prediction(mean: mean, variance: max(0, squares - mean * mean))
        }
    }
}
