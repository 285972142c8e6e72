/// The valid configs of a space in lexicographic order, found one at a time.
///
/// Axes are bound in the order of the parameters, and a condition is checked as soon as its last axis is. Where the values
/// that an axis can have depend on few of those before it, they are found once for these and kept while they stand. When
/// nothing fits, the search goes back to the axis that is to blame and not merely to the one before.
struct ConfigSequence: Sequence, IteratorProtocol, Sendable {
    private let space: CompiledSpace
    private let names: [String]
    private let levels: [Level]
    private var assignment: Assignment
    private var states: [State]
    private var blame: Blame
    private var values: [Value]
    private var isFinished: Bool
    private var level = 0
    /// The first level that was bound anew since the last config.
    private var firstChange: Int?
    private var stamps = 0

    /// What is bound at one depth of the search.
    private struct Level: Sendable {
        let axis: Int
        let count: Int
        let conditions: [Condition]
        /// Bound axes of the same permutation.
        let rivals: Range<Int>
        /// The last of the levels before it that its conditions look at, or -1.
        let deepestContext: Int
        /// Whether the values that fit are found all at once.
        let isTabulated: Bool
        var isFree: Bool { conditions.isEmpty && rivals.isEmpty }
    }

    private struct State: Sendable {
        var position = 0
        var candidates: [Int] = []
        /// The stamp of the deepest context that `candidates` are for.
        var candidatesFor = -1
        /// When the level was last bound.
        var stamp = 0
        /// Whether a config was found since the level was entered.
        var hasFound = false
    }

    /// Up to this many values are tried ahead.
    private static let mostTabulated = 4096

    init(_ space: CompiledSpace, names: [String]) {
        self.space = space
        self.names = names
        assignment = Assignment(space)
        let indices = assignment.indices
        values = space.layout.shapes.map { space.layout.value(of: $0, indices) }
        let axes = space.layout.axes.indices.filter { space.layout.axes[$0].count > 1 }
        let levelOf = Dictionary(uniqueKeysWithValues: zip(axes, axes.indices))
        var context: [[Int]] = []
        levels = axes.map { axis in
            let conditions = space.conditions.filter { $0.axes.last == axis }
            let rivals = space.permutation[axis].map { $0.lowerBound..<axis } ?? axis..<axis
            let before = conditions.flatMap { $0.axes.dropLast() } + rivals
            context.append(before.compactMap { levelOf[$0] })
            let count = space.layout.axes[axis].count
            return Level(
                axis: axis, count: count, conditions: conditions, rivals: rivals,
                deepestContext: before.compactMap { levelOf[$0] }.max() ?? -1,
                isTabulated: count <= Self.mostTabulated && !(conditions.isEmpty && rivals.isEmpty))
        }
        states = Array(repeating: State(), count: levels.count)
        blame = Blame(context)
        isFinished = space.isImpossible
        if !levels.isEmpty { enter(0) }
    }

    mutating func next() -> Config? {
        if isFinished { return nil }
        guard let last = levels.indices.last else {
            isFinished = true
            return Config(names: names, values: values)
        }
        while true {
            if advance(level) {
                if level == last {
                    states[last].hasFound = true
                    return config()
                }
                level += 1
                enter(level)
            } else if let earlier = retreat(from: level) {
                level = earlier
            } else {
                isFinished = true
                return nil
            }
        }
    }

    private mutating func enter(_ level: Int) {
        states[level].position = 0
        states[level].hasFound = false
        blame.clear(level)
        let context = levels[level].deepestContext
        let stamp = context < 0 ? 0 : states[context].stamp
        guard levels[level].isTabulated, states[level].candidatesFor != stamp else { return }
        states[level].candidatesFor = stamp
        states[level].candidates.removeAll(keepingCapacity: true)
        for index in 0..<levels[level].count where fits(index, at: level) { states[level].candidates.append(index) }
    }

    /// Binds the level's axis to the value, and says whether its conditions hold.
    private mutating func fits(_ index: Int, at level: Int) -> Bool {
        for rival in levels[level].rivals where assignment.indices[rival] == index { return false }
        assignment.bind(levels[level].axis, to: index, in: space)
        for condition in levels[level].conditions where !assignment.satisfies(condition, in: space) { return false }
        return true
    }

    /// Binds the level to its next value that fits, if there is one.
    private mutating func advance(_ level: Int) -> Bool {
        if levels[level].isTabulated {
            guard states[level].position < states[level].candidates.count else { return false }
            let index = states[level].candidates[states[level].position]
            assignment.bind(levels[level].axis, to: index, in: space)
        } else {
            while true {
                guard states[level].position < levels[level].count else { return false }
                if fits(states[level].position, at: level) { break }
                states[level].position += 1
            }
        }
        states[level].position += 1
        stamps += 1
        states[level].stamp = stamps
        firstChange = Swift.min(firstChange ?? level, level)
        return true
    }

    /// The level to go on with once this one is exhausted.
    private mutating func retreat(from level: Int) -> Int? {
        guard level > 0 else { return nil }
        if states[level].hasFound {
            states[level - 1].hasFound = true
            return level - 1
        }
        return blame.pass(from: level)
    }

    private mutating func config() -> Config {
        var rebuilt = -1
        for level in levels[(firstChange ?? 0)...] {
            let parameter = space.layout.axes[level.axis].parameter
            if parameter == rebuilt { continue }
            rebuilt = parameter
            values[parameter] = space.layout.value(of: space.layout.shapes[parameter], assignment.indices)
        }
        firstChange = nil
        return Config(names: names, values: values)
    }
}
