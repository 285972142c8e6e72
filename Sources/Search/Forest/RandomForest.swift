internal import ConfigSpace

/// Trees grown on bootstrap samples with random features at each split (Breiman, Random Forests, 2001), for one class
/// against all else.
struct RandomForest: Sendable {
    struct Options: Sendable {
        var trees = 100
        /// Features looked at for each split; nil is the square root of their number.
        var mostFeatures: Int?
        var smallestLeaf = 1
    }

    private let trees: [DecisionTree]

    init<G: RandomNumberGenerator>(_ set: TrainingSet, options: Options = Options(), using generator: inout G) {
        let mostFeatures = options.mostFeatures ?? max(1, Int(Double(set.featureCount).squareRoot().rounded()))
        let treeOptions = DecisionTree.Options(mostFeatures: mostFeatures, smallestLeaf: options.smallestLeaf)
        var trees: [DecisionTree] = []
        for _ in 0..<options.trees {
            let rows = (0..<set.count).map { _ in Int.random(in: 0..<set.count, using: &generator) }
            trees.append(DecisionTree(set, rows: rows, options: treeOptions, using: &generator))
        }
        self.trees = trees
    }

    /// What the forest says of one row.
    struct Answer: Sendable {
        /// The probability of the class, the mean over the trees.
        var probability: Double
        /// The leaf it falls into, by tree.
        var leaves: [Int32]

        /// The share of trees in which both fall into the same leaf: 1 for what the forest cannot tell apart.
        func proximity(to other: Answer) -> Double {
            guard !leaves.isEmpty else { return 0 }
            var same = 0
            for index in leaves.indices where leaves[index] == other.leaves[index] { same += 1 }
            return Double(same) / Double(leaves.count)
        }
    }

    func answer(_ row: [UInt8]) -> Answer {
        var sum = 0.0
        var leaves: [Int32] = []
        leaves.reserveCapacity(trees.count)
        for tree in trees {
            let leaf = tree.leaf(of: row)
            sum += tree.share(ofLeaf: leaf)
            leaves.append(Int32(leaf))
        }
        return Answer(probability: trees.isEmpty ? 0 : sum / Double(trees.count), leaves: leaves)
    }
}
