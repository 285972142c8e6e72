/// Regression trees on bootstrap samples with random features at each split (Breiman, Random Forests, 2001), whose spread
/// stands for what they do not know (Hutter, Hoos and Leyton-Brown, SMAC, 2011).
struct RegressionForest: Sendable {
    private let trees: [DecisionTree]

    /// Rows that trees are grown from, at most.
    private static let mostKnown = 150

    init<G: RandomNumberGenerator>(_ all: Observations, trees: Int, using generator: inout G) {
        let known = all.thinned(to: Self.mostKnown)
        let count = known.rows.featureCount
        var grower = TreeGrower<LeastSquares>(
            columns: known.rows.columns, binCounts: known.rows.binCounts,
            addends: known.values.map { SIMD4(1, $0, $0 * $0, 1) },
            options: .init(mostFeatures: max(1, Int(Double(count).squareRoot().rounded(.up)))))
        self.trees = (0..<trees).map { _ in grower.tree(using: &generator) }
    }

    /// The rows that are expected to be furthest below `least`, the first of them first.
    func mostImproving(_ rows: BinMatrix, below least: Double, most: Int) -> [Expectation] {
        let expectations = TreeSums(trees, of: rows).sums.enumerated().map { row, sum in
            let (mean, squares) = (sum.x / Double(trees.count), sum.y / Double(trees.count))
            let prediction = Prediction(mean: mean, variance: max(0, squares - mean * mean))
            return Expectation(row: row, mean: mean, value: prediction.expectedImprovement(below: least))
        }
        return expectations.greatest(most)
    }
}
