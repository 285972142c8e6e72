/// Encoded configs as sets, one for each bin of each feature: the rows that are at most there.
///
/// A tree is asked of all rows at once with them, a few words of bits at each of its nodes.
struct RowSets: Sendable {
    /// 512 rows, one a bit.
    typealias Block = SIMD8<UInt64>

    /// Rows.
    let count: Int
    /// Blocks of a set.
    let width: Int
    /// Feature after feature, bin after bin.
    fileprivate let sets: [Block]
    /// Where the sets of each feature begin.
    private let starts: [Int]
    private let binCounts: [Int]

    init(_ rows: BinMatrix) {
        let width = (rows.count + Self.blockRows - 1) / Self.blockRows
        let words = width * Block.scalarCount
        var starts: [Int] = []
        var end = 0
        for binCount in rows.binCounts {
            starts.append(end)
            end += binCount
        }
        var bits = [UInt64](repeating: 0, count: end * words)
        var place = 0
        for row in 0..<rows.count {
            let (word, bit) = (row / UInt64.bitWidth, UInt64(1) << UInt64(row % UInt64.bitWidth))
            for start in starts {
                bits[(start + Int(rows.bins[place])) * words + word] |= bit
                place += 1
            }
        }
        var sets: [Block] = []
        sets.reserveCapacity(end * width)
        for (start, binCount) in zip(starts, rows.binCounts) {
            for index in start * width..<(start + binCount) * width {
                let block = Block(bits[index * Block.scalarCount..<(index + 1) * Block.scalarCount])
                sets.append(index < (start + 1) * width ? block : block | sets[index - width])
            }
        }
        (count, self.width, self.sets, self.starts, binCounts) = (rows.count, width, sets, starts, rows.binCounts)
    }

    private static let blockRows = Block.scalarCount * UInt64.bitWidth

    /// All rows.
    fileprivate var all: [Block] {
        var bits = [UInt64](repeating: 0, count: width * Block.scalarCount)
        for row in 0..<count { bits[row / UInt64.bitWidth] |= 1 << UInt64(row % UInt64.bitWidth) }
        return (0..<width).map { Block(bits[$0 * Block.scalarCount..<($0 + 1) * Block.scalarCount]) }
    }

    /// The rows whose bin of `feature` is at most `bin`.
    @inline(__always)
    fileprivate func rows(_ feature: Int, upTo bin: UInt8) -> Range<Int> {
        let start = (starts[feature] + min(Int(bin), binCounts[feature] - 1)) * width
        return start..<start + width
    }
}

/// What trees say of many rows, added up.
struct TreeSums {
    private let rows: RowSets
    /// For each row: what its leaves say on average, and the average of the squares there.
    private(set) var sums: [SIMD2<Double>]
    /// The rows that come to a node, for each level of a tree.
    private var reached: [RowSets.Block]

    init(_ trees: [DecisionTree], of rows: BinMatrix) {
        self.rows = RowSets(rows)
        sums = Array(repeating: .zero, count: rows.count)
        reached = self.rows.all
        guard rows.count > 0 else { return }
        for tree in trees { add(tree.nodes, 0, level: 0) }
    }

    private mutating func add(_ nodes: [DecisionTree.Node], _ index: Int, level: Int) {
        let node = nodes[index]
        guard node.feature >= 0 else { return add(node, level: level) }
        let missing = (level + 2) * rows.width - reached.count
        if missing > 0 { reached += Array(repeating: .zero, count: missing) }
        let left = rows.rows(Int(node.feature), upTo: node.threshold)
        if pass(left, level: level, to: { $0 & $1 }) { add(nodes, index + 1, level: level + 1) }
        if pass(left, level: level, to: { $0 & ~$1 }) { add(nodes, Int(node.right), level: level + 1) }
    }

    /// Tells the next level which of its rows come there, and whether there are any.
    @inline(__always)
    private mutating func pass(
        _ left: Range<Int>, level: Int, to child: (RowSets.Block, RowSets.Block) -> RowSets.Block
    ) -> Bool {
        let (here, next) = (level * rows.width, (level + 1) * rows.width)
        var some = RowSets.Block.zero
        for (offset, set) in left.enumerated() {
            let block = child(reached[here + offset], rows.sets[set])
            reached[next + offset] = block
            some |= block
        }
        let half = some.lowHalf | some.highHalf
        let quarter = half.lowHalf | half.highHalf
        return (quarter.x | quarter.y) != 0
    }

    /// Of a leaf, to all rows that come there.
    private mutating func add(_ leaf: DecisionTree.Node, level: Int) {
        let mean = Double(leaf.mean)
        let addend = SIMD2(mean, mean * mean + Double(leaf.variance))
        for offset in 0..<rows.width {
            let block = reached[level * rows.width + offset]
            for lane in 0..<RowSets.Block.scalarCount {
                var word = block[lane]
                let first = (offset * RowSets.Block.scalarCount + lane) * UInt64.bitWidth
                while word != 0 {
                    sums[first + word.trailingZeroBitCount] += addend
                    word &= word - 1
                }
            }
        }
    }
}
