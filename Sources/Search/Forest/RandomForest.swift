/// Trees grown on bootstrap samples with random features at each split (Breiman, Random Forests, 2001), for one class
/// against all else.
package struct RandomForest: Sendable {
    package struct Options: Sendable {
        package var trees = 100
        /// Features looked at for each split; nil is the square root of their number.
        package var mostFeatures: Int?
        package var smallestLeaf = 1

        package init(trees: Int = 100, mostFeatures: Int? = nil, smallestLeaf: Int = 1) {
            self.trees = trees
            self.mostFeatures = mostFeatures
            self.smallestLeaf = smallestLeaf
        }
    }

    private let trees: [DecisionTree]

    package init<G: RandomNumberGenerator>(
        _ set: TrainingSet, options: Options = Options(), using generator: inout G
    ) {
        let mostFeatures = options.mostFeatures ?? max(1, Int(Double(set.rows.featureCount).squareRoot().rounded()))
        var grower = TreeGrower<Gini>(
            columns: set.rows.columns, binCounts: set.rows.binCounts,
            addends: set.weights.map { SIMD4($0.positive, $0.negative, 0, 1) },
            options: .init(mostFeatures: mostFeatures, smallestLeaf: options.smallestLeaf))
        var trees: [DecisionTree] = []
        for _ in 0..<options.trees { trees.append(grower.tree(using: &generator)) }
        self.trees = trees
    }

    /// What the forest says of one row.
    package struct Answer: Sendable {
        /// The probability of the class, the mean over the trees.
        package var probability: Double
        /// The leaf it falls into, by tree.
        package var leaves: [Int32]

        /// The share of trees in which both fall into the same leaf: 1 for what the forest cannot tell apart.
        package func proximity(to other: Answer) -> Double {
            guard !leaves.isEmpty else { return 0 }
            let (left, right) = (leaves.span, other.leaves.span)
            var same = 0
            for index in left.indices where left[index] == right[index] { same += 1 }
            return Double(same) / Double(leaves.count)
        }
    }

    /// The probability of the class for each of many rows.
    func probabilities(of rows: BinMatrix) -> [Double] {
        TreeSums(trees, of: rows).sums.map { $0.x / Double(max(trees.count, 1)) }
    }

    package func answer(_ row: [UInt8]) -> Answer {
        let features = row.span
        var sum = 0.0
        var leaves: [Int32] = []
        leaves.reserveCapacity(trees.count)
        for tree in trees {
            let leaf = tree.leaf(of: features)
            sum += tree.share(ofLeaf: leaf)
            leaves.append(Int32(leaf))
        }
        return Answer(probability: trees.isEmpty ? 0 : sum / Double(trees.count), leaves: leaves)
    }
}
