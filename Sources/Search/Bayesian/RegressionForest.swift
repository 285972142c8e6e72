internal import ConfigSpace

/// Regression trees on bootstrap samples with random features at each split (Breiman, Random Forests, 2001), whose spread
/// stands for what they do not know (Hutter, Hoos and Leyton-Brown, SMAC, 2011).
///
/// Features are small whole numbers, so a split is found from sums by bin.
struct RegressionForest: Sendable {
    private struct Node: Sendable {
        /// Negative for a leaf.
        var feature: Int32 = -1
        /// Rows whose bin is at most this go to `child`, others to the node behind it.
        var threshold: UInt8 = 0
        var child: Int32 = 0
        var mean: Float = 0
        var variance: Float = 0
    }

    /// All trees behind one another.
    private var nodes: [Node] = []
    private var roots: [Int] = []

    /// - Parameter mostFeatures: looked at for each split; nil is the square root of their number, rounded up.
    init<G: RandomNumberGenerator>(
        _ known: Observations, trees: Int, mostFeatures: Int? = nil, using generator: inout G
    ) {
        let most = mostFeatures ?? max(1, Int(Double(known.featureCount).squareRoot().rounded(.up)))
        for _ in 0..<trees {
            var rows = (0..<known.count).map { _ in Int.random(in: 0..<known.count, using: &generator) }
            roots.append(nodes.count)
            nodes.append(Node())
            grow(roots[roots.count - 1], known, &rows, 0..<rows.count, most, &generator)
        }
    }

    func predict(_ row: [UInt8]) -> Prediction {
        var (sum, squares) = (0.0, 0.0)
        for root in roots {
            var index = root
            while nodes[index].feature >= 0 {
                let node = nodes[index]
                index = Int(node.child) + (row[Int(node.feature)] <= node.threshold ? 0 : 1)
            }
            let mean = Double(nodes[index].mean)
            sum += mean
            squares += mean * mean + Double(nodes[index].variance)
        }
        let mean = sum / Double(roots.count)
        return Prediction(mean: mean, variance: max(0, squares / Double(roots.count) - mean * mean))
    }

    private mutating func grow<G: RandomNumberGenerator>(
        _ index: Int, _ known: Observations, _ rows: inout [Int], _ range: Range<Int>, _ mostFeatures: Int,
        _ generator: inout G
    ) {
        var (sum, squares) = (0.0, 0.0)
        for row in rows[range] {
            sum += known.values[row]
            squares += known.values[row] * known.values[row]
        }
        let count = Double(range.count)
        let variance = max(0, squares / count - (sum / count) * (sum / count))
        nodes[index].mean = Float(sum / count)
        nodes[index].variance = Float(variance)
        guard range.count > 1, variance > 1e-12,
            let split = bestSplit(known, rows[range], sum, mostFeatures, &generator)
        else { return }
        let middle = rows[range].partition { known.rows[$0][split.feature] > split.threshold }
        let child = nodes.count
        nodes += [Node(), Node()]
        nodes[index].feature = Int32(split.feature)
        nodes[index].threshold = split.threshold
        nodes[index].child = Int32(child)
        grow(child, known, &rows, range.lowerBound..<middle, mostFeatures, &generator)
        grow(child + 1, known, &rows, middle..<range.upperBound, mostFeatures, &generator)
    }

    /// Of some random features that are not constant, the split that leaves the least variance.
    private func bestSplit<G: RandomNumberGenerator>(
        _ known: Observations, _ rows: ArraySlice<Int>, _ total: Double, _ mostFeatures: Int, _ generator: inout G
    ) -> (feature: Int, threshold: UInt8)? {
        var best: (feature: Int, threshold: UInt8)?
        var greatest = -1.0
        var tried = 0
        for feature in (0..<known.featureCount).shuffled(using: &generator) {
            var sums = [Double](repeating: 0, count: ConfigEncoding.mostBins + 1)
            var counts = [Int](repeating: 0, count: sums.count)
            var last = 0
            for row in rows {
                let bin = Int(known.rows[row][feature])
                sums[bin] += known.values[row]
                counts[bin] += 1
                last = max(last, bin)
            }
            guard counts[last] < rows.count else { continue }
            var (sum, count) = (0.0, 0)
            for bin in 0..<last where counts[bin] > 0 {
                sum += sums[bin]
                count += counts[bin]
                let rest = total - sum
                let explained = sum * sum / Double(count) + rest * rest / Double(rows.count - count)
                if best == nil || explained > greatest { (best, greatest) = ((feature, UInt8(bin)), explained) }
            }
            tried += 1
            if tried == mostFeatures { break }
        }
        return best
    }
}
