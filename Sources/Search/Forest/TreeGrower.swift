/// Grows the trees of a forest, one after another, in memory that is made once.
///
/// Features have few values, so each split is found from a histogram instead of sorted rows.
struct TreeGrower<Criterion: SplitCriterion> {
    struct Options {
        /// Features looked at for each split, at least 1.
        var mostFeatures: Int
        /// In rows, each counted once however often the sample has it.
        var smallestLeaf = 1
        var greatestDepth = 24
    }

    private let options: Options
    /// Feature after feature.
    private let columns: [UInt8]
    /// One more than the greatest bin of each feature.
    private let binCounts: [Int]
    /// What each row adds to sums when it is drawn once.
    private let addends: [SIMD4<Double>]

    /// A node's rows lie side by side.
    private var rows: [Int32] = []
    /// What each row of the tree's sample adds.
    private var sampled: [SIMD4<Double>]
    private var features: [Int]
    private var histogram: [SIMD4<Double>]
    private var nodes: [DecisionTree.Node] = []

    private struct Split {
        var feature: Int
        var threshold: UInt8
        var impurity: Double
    }

    /// - Parameters:
    ///   - columns: the bins feature after feature, each with a row's for each of `addends`.
    ///   - binCounts: at most 64.
    init(columns: [UInt8], binCounts: [Int], addends: [SIMD4<Double>], options: Options) {
        precondition(binCounts.allSatisfy { $0 <= UInt64.bitWidth }, "bins are counted in the bits of a word")
        self.options = options
        self.columns = columns
        self.binCounts = binCounts
        self.addends = addends
        sampled = addends
        features = Array(binCounts.indices)
        histogram = Array(repeating: .zero, count: binCounts.max() ?? 1)
    }

    /// A tree of as many rows as there are, drawn with replacement.
    mutating func tree<G: RandomNumberGenerator>(using generator: inout G) -> DecisionTree {
        var draws = Array(repeating: 0, count: addends.count)
        for _ in addends.indices { draws[Int.random(in: addends.indices, using: &generator)] += 1 }
        rows.removeAll(keepingCapacity: true)
        for (row, count) in draws.enumerated() where count > 0 {
            rows.append(Int32(row))
            let times = Double(count)
            sampled[row] = addends[row] * SIMD4(times, times, times, 1)
        }
        nodes.removeAll(keepingCapacity: true)
        if !rows.isEmpty { grow(0..<rows.count, depth: 0, &generator) }
        return DecisionTree(nodes: nodes.isEmpty ? [DecisionTree.Node()] : nodes)
    }

    private mutating func grow<G: RandomNumberGenerator>(
        _ range: Range<Int>, depth: Int, _ generator: inout G
    ) {
        let index = nodes.count
        var sums = SIMD4<Double>.zero
        for place in range { sums += sampled[Int(rows[place])] }
        let leaf = Criterion.leaf(sums)
        nodes.append(DecisionTree.Node(mean: Float(leaf.mean), variance: Float(leaf.variance)))
        guard range.count >= 2 * options.smallestLeaf, range.count > 1, !Criterion.isPure(sums),
            depth < options.greatestDepth, let split = bestSplit(range, sums, &generator)
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
        let first = split.feature * addends.count
        var middle = range.lowerBound
        for place in range where columns[first + Int(rows[place])] <= split.threshold {
            rows.swapAt(place, middle)
            middle += 1
        }
        return middle
    }

    /// The best split of some random features; more are looked at where those are all constant.
    private mutating func bestSplit<G: RandomNumberGenerator>(
        _ range: Range<Int>, _ sums: SIMD4<Double>, _ generator: inout G
    ) -> Split? {
        var best: Split?
        var tried = 0
        for place in features.indices {
            // As much of a shuffle as is needed (Fisher and Yates).
            features.swapAt(place, Int.random(in: place..<features.count, using: &generator))
            let feature = features[place]
            guard binCounts[feature] > 1, let split = split(range, feature, sums) else { continue }
            if best.map({ split.impurity < $0.impurity }) ?? true { best = split }
            tried += 1
            if tried == options.mostFeatures { break }
        }
        return best
    }

    private mutating func split(_ range: Range<Int>, _ feature: Int, _ sums: SIMD4<Double>) -> Split? {
        let first = feature * addends.count
        // Taken out, so that it can be written beside what is read; nothing is copied.
        var taken: [SIMD4<Double>] = []
        swap(&taken, &self.histogram)
        defer { swap(&taken, &self.histogram) }
        var histogram = taken.mutableSpan
        let (rows, columns, sampled) = (rows.span, columns.span, sampled.span)
        // Most nodes have few rows, so only the bins that any of them is in are looked at.
        var filled: UInt64 = 0
        for place in range {
            let row = Int(rows[place])
            let bin = columns[first + row]
            let bit = UInt64(1) << UInt64(bin % 64)
            let isFilled = filled & bit != 0
            filled |= bit
            histogram[Int(bin)] = isFilled ? histogram[Int(bin)] + sampled[row] : sampled[row]
        }
        var left = SIMD4<Double>.zero
        var best: Split?
        let (least, most) = (Double(options.smallestLeaf), Double(range.count - options.smallestLeaf))
        while filled != 0 {
            let bin = filled.trailingZeroBitCount
            filled &= filled - 1
            left += histogram[bin]
            guard left.w >= least, left.w <= most else { continue }
            let impurity = Criterion.impurity(left) + Criterion.impurity(sums - left)
            if best.map({ impurity < $0.impurity }) ?? true {
                best = Split(feature: feature, threshold: UInt8(bin), impurity: impurity)
            }
        }
        return best
    }
}
