/// What the rest of a search depends on, at one of its steps: the cells that are bound or computed before and needed after.
///
/// Of `a * b * c <= k` with `a` and `b` bound, that is their product alone: two choices with the same product go on alike,
/// which is why counts, and the knowledge that nothing fits, are kept under these cells.
struct LiveCells: Sendable {
    /// The axes among them, with what one place of each adds to a key.
    private(set) var axes: [(axis: Int, stride: UInt128)] = []
    private(set) var results: [Int] = []
    /// The bits that a key has for each result.
    private var width = 0

    private static let leastWidth = 24

    /// Nil where they are too many for a key.
    init?(_ cells: Set<Int>, in space: CompiledSpace) {
        let layout = space.layout
        var product: UInt128 = 1
        for cell in cells.sorted() {
            guard cell < layout.axes.count else {
                results.append(cell)
                continue
            }
            axes.append((cell, product))
            let (next, overflow) = product.multipliedReportingOverflow(by: UInt128(layout.axes[cell].count))
            if overflow { return nil }
            product = next
        }
        if !results.isEmpty {
            width = min(64, (product - 1).leadingZeroBitCount / results.count)
            if width < Self.leastWidth { return nil }
        }
    }

    /// A number that only assignments have in common which agree in these cells; nil where a result is no integer, or too
    /// large.
    @inline(__always)
    func key(_ assignment: borrowing Assignment) -> UInt128? {
        var key: UInt128 = 0
        for (axis, stride) in axes { key += UInt128(assignment.indices[axis]) * stride }
        var shift = UInt128.bitWidth
        for cell in results {
            shift -= width
            guard case .int(let value) = assignment.cells[cell] else { return nil }
            let shortened = (value << (Int.bitWidth - width)) >> (Int.bitWidth - width)
            guard shortened == value else { return nil }
            key |= UInt128(truncatingIfNeeded: UInt64(bitPattern: Int64(value)) & (~0 >> UInt64(64 - width))) << shift
        }
        return key
    }
}
