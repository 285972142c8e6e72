/// The values that fit at one level of an enumeration, found all at once and kept for as long as they can be of use.
///
/// They vary with the choices at the few levels that the level's conditions look at. Where these have few joint values, the
/// answers to all of them are kept, and else the last answer, until one of those levels is bound anew.
struct FittingValues: Sendable {
    /// The axes they vary with, and what one place of each adds to the index of an answer.
    private let context: [(axis: Int, stride: Int)]
    private var answers: [[Int]?]
    private(set) var current: [Int] = []
    private var stamp = -1

    /// At most so many numbers are kept for a level.
    private static let mostKept = 1 << 14

    /// `count` is the number of values to try.
    init(context axes: [Int], count: Int, in space: CompiledSpace) {
        var context: [(axis: Int, stride: Int)] = []
        var combinations = 1
        for axis in axes where combinations <= Self.mostKept / max(1, count) {
            context.append((axis, combinations))
            combinations *= min(space.layout.axes[axis].count, Self.mostKept)
        }
        let isKept = combinations <= Self.mostKept / max(1, count)
        self.context = isKept ? context : []
        answers = Array(repeating: nil, count: isKept ? combinations : 0)
    }

    /// Makes `current` right; `stamp` says when the last level of the context was bound.
    mutating func update(
        _ assignment: inout Assignment, boundAt stamp: Int, count: Int, fits: (Int, inout Assignment) -> Bool
    ) {
        guard self.stamp != stamp else { return }
        self.stamp = stamp
        var key = 0
        for (axis, stride) in context { key += assignment.indices[axis] * stride }
        if key < answers.count, let known = answers[key] {
            current = known
            return
        }
        current = (0..<count).filter { fits($0, &assignment) }
        if key < answers.count { answers[key] = current }
    }
}
