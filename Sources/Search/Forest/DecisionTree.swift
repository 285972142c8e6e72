internal import ConfigSpace

/// A classification tree over binned features, grown by Gini impurity (Breiman et al., Classification and Regression Trees,
/// 1984) on weighted rows.
///
/// Features have few values, so each split is found from a histogram instead of sorted rows.
struct DecisionTree: Sendable {
    struct Options: Sendable {
        var mostFeatures: Int
        var smallestLeaf: Int
        var greatestDepth = 24
    }

    private struct Node: Sendable {
        /// Negative for a leaf.
        var feature: Int32
        /// Rows whose bin is at most this go left.
        var threshold: UInt8
        var left: Int32 = 0
        var right: Int32 = 0
        /// Of a leaf: the weighted share of the class.
        var share: Double = 0
    }

    private var nodes: [Node] = []

    init<G: RandomNumberGenerator>(_ set: TrainingSet, rows: [Int], options: Options, using generator: inout G) {
        var rows = rows
        nodes.reserveCapacity(rows.count)
        _ = grow(set, &rows, 0..<rows.count, depth: 0, options, &generator)
    }

    /// The number of the leaf that a row falls into.
    @inline(__always)
    func leaf(of row: [UInt8]) -> Int {
        var index = 0
        while nodes[index].feature >= 0 {
            let node = nodes[index]
            index = Int(row[Int(node.feature)] <= node.threshold ? node.left : node.right)
        }
        return index
    }

    /// The weighted share of the class in a leaf.
    @inline(__always)
    func share(ofLeaf leaf: Int) -> Double { nodes[leaf].share }

    private struct Split {
        var feature: Int
        var threshold: UInt8
        var impurity: Double
    }

    private mutating func grow<G: RandomNumberGenerator>(
        _ set: TrainingSet, _ rows: inout [Int], _ range: Range<Int>, depth: Int, _ options: Options,
        _ generator: inout G
    ) -> Int32 {
        let index = nodes.count
        var (positive, negative) = (0.0, 0.0)
        for row in rows[range] {
            positive += set.positive[row]
            negative += set.negative[row]
        }
        nodes.append(
            Node(feature: -1, threshold: 0, share: positive + negative > 0 ? positive / (positive + negative) : 0))
        guard range.count >= 2 * options.smallestLeaf, positive > 0, negative > 0, depth < options.greatestDepth,
            let split = bestSplit(set, rows, range, options, &generator)
        else { return Int32(index) }
        let middle = rows[range].partition { set.bin($0, split.feature) > split.threshold }
        nodes[index].feature = Int32(split.feature)
        nodes[index].threshold = split.threshold
        let left = grow(set, &rows, range.lowerBound..<middle, depth: depth + 1, options, &generator)
        let right = grow(set, &rows, middle..<range.upperBound, depth: depth + 1, options, &generator)
        (nodes[index].left, nodes[index].right) = (left, right)
        return Int32(index)
    }

    /// The best split of some random features; more are looked at where those are all constant.
    private func bestSplit<G: RandomNumberGenerator>(
        _ set: TrainingSet, _ rows: [Int], _ range: Range<Int>, _ options: Options, _ generator: inout G
    ) -> Split? {
        var best: Split?
        var tried = 0
        for feature in (0..<set.featureCount).shuffled(using: &generator) {
            guard let split = split(set, rows, range, feature, options) else { continue }
            if best.map({ split.impurity < $0.impurity }) ?? true { best = split }
            tried += 1
            if tried == options.mostFeatures { break }
        }
        return best
    }

    private func split(
        _ set: TrainingSet, _ rows: [Int], _ range: Range<Int>, _ feature: Int, _ options: Options
    ) -> Split? {
        var positives = [Double](repeating: 0, count: ConfigEncoding.mostBins + 1)
        var negatives = positives
        var counts = [Int](repeating: 0, count: positives.count)
        var greatest = 0
        for row in rows[range] {
            let bin = Int(set.bin(row, feature))
            positives[bin] += set.positive[row]
            negatives[bin] += set.negative[row]
            counts[bin] += 1
            greatest = max(greatest, bin)
        }
        let (allPositive, allNegative) = (positives.reduce(0, +), negatives.reduce(0, +))
        var (positive, negative, count) = (0.0, 0.0, 0)
        var best: Split?
        for bin in 0..<greatest where counts[bin] > 0 {
            positive += positives[bin]
            negative += negatives[bin]
            count += counts[bin]
            guard count >= options.smallestLeaf, range.count - count >= options.smallestLeaf else { continue }
            let impurity =
                Self.gini(positive, negative) + Self.gini(allPositive - positive, allNegative - negative)
            if best.map({ impurity < $0.impurity }) ?? true {
                best = Split(feature: feature, threshold: UInt8(bin), impurity: impurity)
            }
        }
        return best
    }

    /// The impurity times the weight.
    private static func gini(_ positive: Double, _ negative: Double) -> Double {
        let sum = positive + negative
        return sum > 0 ? 2 * positive * negative / sum : 0
    }
}
