/// The valid configs of a space in lexicographic order, found one at a time.
///
/// Axes are bound in the order of the parameters, and a condition is checked as soon as its last axis is. Where the values
/// that an axis can have depend on few of those before it, they are found once for these and kept while they stand. When
/// nothing fits, the search goes back to the axis that is to blame and not merely to the one before.
struct ConfigSequence: Sequence, IteratorProtocol, Sendable {
    private let space: CompiledSpace
    private let names: [String]
    private let binding: BindingOrder
    private var assignment: Assignment
    private var levels: [Level]
    private var fitting: [FittingValues]
    private var blame: Blame
    private var values: [Value]
    private var level = 0
    /// The first level that was bound anew since the last config.
    private var firstChange = 0
    private var stamps = 0
    private var isFinished: Bool

    /// What is bound at one depth of the search.
    private struct Level: Sendable {
        let parameter: Int
        /// The last of the levels before it that decide which values fit, or -1.
        let deepestContext: Int
        /// Whether the values that fit are found all at once.
        let isTriedAhead: Bool
        var position = 0
        /// When the level was last bound.
        var stamp = 0
        /// Whether a config was found since the level was entered.
        var hasFound = false
    }

    /// Up to this many values are tried ahead.
    private static let mostTriedAhead = 4096

    init(_ space: CompiledSpace, names: [String]) {
        self.space = space
        self.names = names
        let axes = space.layout.axes.indices.filter { space.layout.axes[$0].count > 1 }
        let levelOf = Dictionary(uniqueKeysWithValues: zip(axes, axes.indices))
        let binding = BindingOrder(axes, in: space)
        let contexts = axes.indices.map { binding.context(of: $0).compactMap { levelOf[$0] } }
        let assignment = binding.start(space)
        levels = zip(binding.steps, contexts).map { step, context in
            Level(
                parameter: space.layout.axes[step.axis].parameter, deepestContext: context.max() ?? -1,
                isTriedAhead: step.count <= Self.mostTriedAhead && !step.isFree)
        }
        fitting = zip(binding.steps, contexts).map { step, context in
            FittingValues(context: context.map { axes[$0] }, count: step.count, in: space)
        }
        values = space.layout.shapes.indices.map { assignment.value(of: $0) }
        blame = Blame(contexts)
        isFinished = space.isImpossible
        self.binding = binding
        self.assignment = assignment
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
                    levels[last].hasFound = true
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
        levels[level].position = 0
        levels[level].hasFound = false
        blame.clear(level)
        let context = levels[level].deepestContext
        let stamp = context < 0 ? 0 : levels[context].stamp
        guard levels[level].isTriedAhead else { return }
        let binding = binding
        fitting[level].update(&assignment, boundAt: stamp, count: binding.steps[level].count) { index, assignment in
            binding.fits(index, at: level, &assignment)
        }
    }

    /// Binds the level to its next value that fits, if there is one.
    private mutating func advance(_ level: Int) -> Bool {
        if levels[level].isTriedAhead {
            guard levels[level].position < fitting[level].current.count else { return false }
            binding.bind(level, to: fitting[level].current[levels[level].position], &assignment)
        } else {
            while true {
                guard levels[level].position < binding.steps[level].count else { return false }
                if binding.fits(levels[level].position, at: level, &assignment) { break }
                levels[level].position += 1
            }
            binding.prepare(level, &assignment)
        }
        levels[level].position += 1
        stamps += 1
        levels[level].stamp = stamps
        firstChange = Swift.min(firstChange, level)
        return true
    }

    /// The level to go on with once this one is exhausted.
    private mutating func retreat(from level: Int) -> Int? {
        guard level > 0 else { return nil }
        if levels[level].hasFound {
            levels[level - 1].hasFound = true
            return level - 1
        }
        return blame.pass(from: level)
    }

    private mutating func config() -> Config {
        var rebuilt = -1
        for level in firstChange..<levels.count where levels[level].parameter != rebuilt {
            rebuilt = levels[level].parameter
            values[rebuilt] = assignment.value(of: rebuilt)
        }
        firstChange = levels.count
        return Config(names: names, values: values)
    }
}
