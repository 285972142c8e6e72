/// Which earlier levels of a search are the reason that a level had nothing to offer (conflict-directed backjumping,
/// Prosser 1993).
struct Blame: Sendable {
    private let wordsPerLevel: Int
    /// A bit for each level that a level's own conditions look at.
    private var context: [UInt64]
    /// What was passed to the level from later ones, joined with its context; meaningful where `isPassed`.
    private var passed: [UInt64]
    private var isPassed: [Bool]

    /// `context` has the levels that each level's conditions look at, all before it.
    init(_ context: [[Int]]) {
        wordsPerLevel = (context.count + 63) / 64
        self.context = Array(repeating: 0, count: wordsPerLevel * context.count)
        for (level, earlier) in context.enumerated() {
            for bit in earlier { self.context[level * wordsPerLevel + bit / 64] |= 1 << UInt64(bit % 64) }
        }
        passed = self.context
        isPassed = Array(repeating: false, count: context.count)
    }

    /// Forgets what was passed to `level`, which is entered anew.
    mutating func clear(_ level: Int) { isPassed[level] = false }

    /// Goes back from `level` to the last one that is to blame, which inherits the rest; nil if none is.
    mutating func pass(from level: Int) -> Int? {
        let source = level * wordsPerLevel
        let isOwn = !isPassed[level]
        var target: Int?
        for word in (0..<wordsPerLevel).reversed() {
            let bits = isOwn ? context[source + word] : passed[source + word]
            if bits == 0 { continue }
            target = word * 64 + 63 - bits.leadingZeroBitCount
            break
        }
        guard let target else { return nil }
        for word in 0..<wordsPerLevel {
            var bits = isOwn ? context[source + word] : passed[source + word]
            if word == target / 64 { bits &= ~(1 << UInt64(target % 64)) }
            let place = target * wordsPerLevel + word
            passed[place] = bits | (isPassed[target] ? passed[place] : context[place])
        }
        isPassed[target] = true
        return target
    }
}
