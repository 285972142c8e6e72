/// Grows the trees of a forest, one after another, in memory that is made once.
///
/// Features have few values, so each split is found from a histogram instead of sorted rows.
struct TreeGrower {
    struct Options {
        /// Features looked at for each split, at least 1.
        var mostFeatures: Int
        /// In rows, each counted once however often the sample has it.
        var smallestLeaf: Int
        var greatestDepth = 24
    }

    private let options: Options
    /// Feature after feature.
    private let columns: [UInt8]
    private let binCounts: [Int]
    private let weights: [TrainingSet.Weight]

    /// A node's rows lie side by side.
    private var rows: [Int32] = []
    /// What each row of the tree's sample weighs.
    private var sampled: [TrainingSet.Weight]
    private var features: [Int]
    private var histogram: [Bin]
    private var nodes: [DecisionTree.Node] = []

    /// What of a node's rows is in one bin of a feature.
    private struct Bin {
        var positive = 0.0
        var negative = 0.0
        var rows = 0
    }

    private struct Split {
        var feature: Int
        var threshold: UInt8
        var impurity: Double
    }

    init(_ set: TrainingSet, options: Options) {
        self.options = options
        columns = set.columns
        binCounts = set.binCounts
        weights = set.weights
        sampled = weights
        features = Array(0..<set.featureCount)
        histogram = Array(repeating: Bin(), count: set.binCounts.max() ?? 1)
    }

    /// A tree of as many rows as there are, drawn with replacement.
    mutating func tree<G: RandomNumberGenerator>(using generator: inout G) -> DecisionTree {
        var draws = Array(repeating: 0, count: weights.count)
        for _ in weights.indices { draws[Int.random(in: weights.indices, using: &generator)] += 1 }
        rows.removeAll(keepingCapacity: true)
        for (row, count) in draws.enumerated() where count > 0 {
            rows.append(Int32(row))
            sampled[row].positive = Double(count) * weights[row].positive
            sampled[row].negative = Double(count) * weights[row].negative
        }
        nodes.removeAll(keepingCapacity: true)
        if !rows.isEmpty { grow(0..<rows.count, depth: 0, &generator) }
        return DecisionTree(nodes: nodes.isEmpty ? [DecisionTree.Node()] : nodes)
    }

    private mutating func grow<G: RandomNumberGenerator>(
        _ range: Range<Int>, depth: Int, _ generator: inout G
    ) {
        let index = nodes.count
        var sum = Bin()
        for place in range {
            let weight = sampled[Int(rows[place])]
            sum.positive += weight.positive
            sum.negative += weight.negative
        }
        let all = sum.positive + sum.negative
        nodes.append(DecisionTree.Node(share: all > 0 ? Float(sum.positive / all) : 0))
        guard range.count >= 2 * options.smallestLeaf, sum.positive > 0, sum.negative > 0,
            depth < options.greatestDepth, let split = bestSplit(range, sum, &generator)
        else { return }
        let middle = part(range, by: split)
        nodes[index].feature = Int32(split.feature)
        nodes[index].threshold = split.threshold
        grow(range.lowerBound..<middle, depth: depth + 1, &generator)
        nodes[index].right = Int32(nodes.count)
        grow(middle..<range.upperBound, depth: depth + 1, &generator)
    }

    /// Puts the rows that go left before the others, and says where these begin.
    private mutating func part(_ range: Range<Int>, by split: Split) -> Int {
        let first = split.feature * weights.count
        var middle = range.lowerBound
        for place in range where columns[first + Int(rows[place])] <= split.threshold {
            rows.swapAt(place, middle)
            middle += 1
        }
        return middle
    }

    /// The best split of some random features; more are looked at where those are all constant.
    private mutating func bestSplit<G: RandomNumberGenerator>(
        _ range: Range<Int>, _ sum: Bin, _ generator: inout G
    ) -> Split? {
        var best: Split?
        var tried = 0
        for place in features.indices {
            // As much of a shuffle as is needed (Fisher and Yates).
            features.swapAt(place, Int.random(in: place..<features.count, using: &generator))
            let feature = features[place]
            guard binCounts[feature] > 1, let split = split(range, feature, sum) else { continue }
            if best.map({ split.impurity < $0.impurity }) ?? true { best = split }
            tried += 1
            if tried == options.mostFeatures { break }
        }
        return best
    }

    private mutating func split(_ range: Range<Int>, _ feature: Int, _ sum: Bin) -> Split? {
        let count = binCounts[feature]
        let first = feature * weights.count
        // Taken out, so that it can be written beside what is read; nothing is copied.
        var taken: [Bin] = []
        swap(&taken, &self.histogram)
        defer { swap(&taken, &self.histogram) }
        var histogram = taken.mutableSpan
        let (rows, columns, sampled) = (rows.span, columns.span, sampled.span)
        for bin in 0..<count { histogram[bin] = Bin() }
        for place in range {
            let row = Int(rows[place])
            let bin = Int(columns[first + row])
            histogram[bin].positive += sampled[row].positive
            histogram[bin].negative += sampled[row].negative
            histogram[bin].rows += 1
        }
        var left = Bin()
        var best: Split?
        for bin in 0..<count - 1 where histogram[bin].rows > 0 {
            left.positive += histogram[bin].positive
            left.negative += histogram[bin].negative
            left.rows += histogram[bin].rows
            guard left.rows < range.count else { break }
            guard left.rows >= options.smallestLeaf, range.count - left.rows >= options.smallestLeaf else { continue }
            let impurity =
                Self.gini(left.positive, left.negative)
                + Self.gini(sum.positive - left.positive, sum.negative - left.negative)
            if best.map({ impurity < $0.impurity }) ?? true {
                best = Split(feature: feature, threshold: UInt8(bin), impurity: impurity)
            }
        }
        return best
    }

    /// The impurity times the weight.
    @inline(__always)
    private static func gini(_ positive: Double, _ negative: Double) -> Double {
        let sum = positive + negative
        return sum > 0 ? 2 * positive * negative / sum : 0
    }
}
