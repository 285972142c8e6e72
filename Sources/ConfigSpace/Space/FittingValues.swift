/// The values that fit at one level of an enumeration, found all at once and kept for as long as they can be of use.
///
/// They vary with the choices at the few levels that the level's conditions look at. Where these have few joint values, the
/// answers to all of them are kept, and else the last answer, until one of those levels is bound anew.
struct FittingValues: Sendable {
    /// The axes they vary with, and what one place of each adds to the index of an answer.
    private let context: [(axis: Int, stride: Int)]
    /// Where in `values` an answer is; negative where it is not known.
    private var answers: [Range<Int>]
    private var values: [Int] = []
    private var current = 0..<0
    private var key = 0
    private var stamp = -1

    /// At most so many numbers are kept for a level.
    private static let mostKept = 1 << 14
    private static let unknown = -1 ..< -1

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
        answers = Array(repeating: Self.unknown, count: isKept ? combinations : 0)
    }

    /// How many values fit.
    @inline(__always)
    var count: Int { current.count }

    @inline(__always)
    subscript(place: Int) -> Int { values[current.lowerBound + place] }

    @inline(__always)
    func visit(_ body: (Int) -> Void) {
        let values = values.span
        for place in current { body(values[place]) }
    }

    /// Whether the values for what is bound are known; `stamp` says when the last level of the context was bound.
    ///
    /// Where they are not, those that fit have to be added.
    @inline(__always)
    mutating func recall(_ assignment: borrowing Assignment, boundAt stamp: Int) -> Bool {
        if self.stamp == stamp { return true }
        self.stamp = stamp
        key = 0
        for (axis, stride) in context { key += assignment.indices[axis] * stride }
        if key < answers.count {
            current = answers[key]
            if current.lowerBound >= 0 { return true }
        } else {
            values.removeAll(keepingCapacity: true)
        }
        current = values.count..<values.count
        return false
    }

    mutating func add(_ value: Int) {
        values.append(value)
        current = current.lowerBound..<values.count
    }

    /// Says that all values that fit were added.
    mutating func keep() {
        if key < answers.count { answers[key] = current }
    }
}
