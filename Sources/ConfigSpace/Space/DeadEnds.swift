/// Where an enumeration found, with some effort, that nothing fits: the same need not be found out twice.
///
/// What fits at a level and after it depends on the live cells there alone, and so does what is to blame if nothing does.
struct DeadEnds: Sendable {
    private let live: [LiveCells?]
    private var known: [[UInt128: [UInt64]]]
    private var room = 1 << 16

    /// Spaces of more levels do without.
    private static let mostLevels = 256

    init(_ binding: BindingOrder, in space: CompiledSpace) {
        let levels = binding.steps.indices
        known = Array(repeating: [:], count: levels.count)
        guard levels.count <= Self.mostLevels else {
            live = []
            return
        }
        let written = binding.writtenCells
        var needed: Set<Int> = []
        var live: [LiveCells?] = []
        for level in levels.reversed() {
            let cells = binding.cells(of: level)
            needed = needed.union(cells.read).intersection(written).subtracting(cells.written)
            live.append(LiveCells(needed, in: space))
        }
        self.live = live.reversed()
    }

    /// What is to blame if it is known that nothing fits from `level` on.
    func reasons(at level: Int, _ assignment: borrowing Assignment) -> [UInt64]? {
        guard !known[level].isEmpty, let key = live[level]?.key(assignment) else { return nil }
        return known[level][key]
    }

    mutating func add(_ reasons: [UInt64], at level: Int, _ assignment: borrowing Assignment) {
        guard room > 0, level < live.count, let key = live[level]?.key(assignment) else { return }
        known[level][key] = reasons
        room -= 1
    }
}
