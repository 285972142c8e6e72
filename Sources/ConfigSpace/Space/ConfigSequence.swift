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
    private var deadEnds: DeadEnds
    private var values: [Value]
    private var level = 0
    /// The first level that was bound anew since the last config.
    private var firstChange = 0
    private var stamps = 0
    private var tried = 0
    private var isFinished: Bool

    /// What is bound at one depth of the search.
    private struct Level: Sendable {
        let parameter: Int
        let axis: Int
        /// Whether the axis is all there is of the parameter.
        let isScalar: Bool
        /// The last of the levels before it that decide which values fit, or -1.
        let deepestContext: Int
        let count: Int
        let search: Search
        var position = 0
        /// When the level was last bound.
        var stamp = 0
        /// Whether a config was found since the level was entered.
        var hasFound = false
        /// Whether it is known that nothing fits.
        var isDead = false
        /// How much had been tried when the level was entered.
        var triedBefore = 0

        /// How values that fit are found.
        enum Search {
            /// All fit.
            case none
            /// All at once.
            case ahead
            case oneByOne
        }

        @inline(__always)
        mutating func enter(after tried: Int, isDead: Bool) {
            position = 0
            hasFound = false
            triedBefore = tried
            self.isDead = isDead
        }

        @inline(__always)
        mutating func stand(after position: Int, stamp: Int) {
            self.position = position
            self.stamp = stamp
        }
    }

    /// Dead ends that took less are not remembered.
    private static let leastEffort = 64

    /// Up to this many values are tried ahead.
    private static let mostTriedAhead = 4096

    init(_ space: CompiledSpace, names: [String]) {
        self.space = space
        self.names = names
        let axes = space.layout.axes.indices.filter { space.layout.axes[$0].count > 1 }
        let levelOf = Dictionary(uniqueKeysWithValues: zip(axes, axes.indices))
        let binding = BindingOrder(axes, in: space)
        let contexts = axes.indices.map { binding.context(of: $0).compactMap { levelOf[$0] } }
        let assignment = binding.start()
        levels = zip(binding.steps, contexts).map { step, context in
            let parameter = space.layout.axes[step.axis].parameter
            let isScalar = if case .axis = space.layout.shapes[parameter] { true } else { false }
            return Level(
                parameter: parameter, axis: step.axis, isScalar: isScalar, deepestContext: context.max() ?? -1,
                count: step.count,
                search: step.isFree ? .none : step.count <= Self.mostTriedAhead ? .ahead : .oneByOne)
        }
        fitting = zip(binding.steps, contexts).map { step, context in
            FittingValues(context: context.map { axes[$0] }, count: step.count, in: space)
        }
        values = space.layout.shapes.indices.map { assignment.value(of: $0) }
        blame = Blame(contexts)
        deadEnds = DeadEnds(binding, in: space)
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
            if level == last {
                if let next = nextFitting(last) { return config(endingWith: next) }
            } else if let next = nextFitting(level) {
                bind(level, next)
                level += 1
                enter(level)
                continue
            }
            if let earlier = retreat(from: level) {
                level = earlier
            } else {
                isFinished = true
                return nil
            }
        }
    }

    /// The keys of all configs that are left, ascending; nil where there are more than `most`.
    ///
    /// - Parameter strides: what one place of each axis adds to a key; the last axis with a choice adds 1.
    mutating func keys(strides: [UInt64], most: Int) -> [UInt64]? {
        var keys: [UInt64] = []
        if isFinished { return keys }
        guard let last = levels.indices.last else { return [0] }
        // Of what is bound above each level.
        var bases = [UInt64](repeating: 0, count: levels.count)
        while true {
            if level == last {
                append(last, from: bases[last], to: &keys)
                if keys.count > most { return nil }
            } else if let next = nextFitting(level) {
                bind(level, next)
                bases[level + 1] = bases[level] + UInt64(next.index) * strides[levels[level].axis]
                level += 1
                enter(level)
                continue
            }
            guard let earlier = retreat(from: level) else { return keys }
            level = earlier
        }
    }

    /// All that fits at the last level.
    private mutating func append(_ last: Int, from base: UInt64, to keys: inout [UInt64]) {
        if levels[last].isDead { return }
        let before = keys.count
        switch levels[last].search {
        case .none:
            for index in 0..<levels[last].count { keys.append(base + UInt64(index)) }
            tried += levels[last].count
        case .ahead: fitting[last].visit { keys.append(base + UInt64($0)) }
        case .oneByOne:
            for index in 0..<levels[last].count where binding.fits(index, at: last, &assignment) {
                keys.append(base + UInt64(index))
            }
            tried += levels[last].count
        }
        levels[last].hasFound = keys.count > before
    }

    private mutating func enter(_ level: Int) {
        blame.clear(level)
        let reasons = deadEnds.reasons(at: level, assignment)
        levels[level].enter(after: tried, isDead: reasons != nil)
        if let reasons { return blame.set(reasons, at: level) }
        guard levels[level].search == .ahead else { return }
        let count = levels[level].count
        tried += count
        let context = levels[level].deepestContext
        let stamp = context < 0 ? 0 : levels[context].stamp
        guard !fitting[level].recall(assignment, boundAt: stamp) else { return }
        for index in 0..<count where binding.fits(index, at: level, &assignment) { fitting[level].add(index) }
        fitting[level].keep()
    }

    /// The index of the level's next value that fits, if there is one, and where to go on after it.
    @inline(__always)
    private mutating func nextFitting(_ level: Int) -> (index: Int, position: Int)? {
        let current = levels[level]
        if current.isDead { return nil }
        switch current.search {
        case .none:
            guard current.position < current.count else { return nil }
            tried += 1
            return (current.position, current.position + 1)
        case .ahead:
            guard current.position < fitting[level].count else { return nil }
            return (fitting[level][current.position], current.position + 1)
        case .oneByOne:
            for index in current.position..<current.count {
                tried += 1
                if binding.fits(index, at: level, &assignment) { return (index, index + 1) }
            }
            return nil
        }
    }

    /// Binds the level to its next value that fits.
    @inline(__always)
    private mutating func bind(_ level: Int, _ next: (index: Int, position: Int)) {
        binding.bind(level, to: next.index, &assignment)
        stamps += 1
        levels[level].stand(after: next.position, stamp: stamps)
        firstChange = Swift.min(firstChange, level)
    }

    /// The level to go on with once this one is exhausted.
    private mutating func retreat(from level: Int) -> Int? {
        guard level > 0 else { return nil }
        if levels[level].hasFound {
            levels[level - 1].hasFound = true
            return level - 1
        }
        if !levels[level].isDead, tried - levels[level].triedBefore >= Self.leastEffort {
            deadEnds.add(blame.reasons(of: level), at: level, assignment)
        }
        return blame.pass(from: level)
    }

    /// The config of what is bound, and of the last level's next value, which nothing else has to know.
    @inline(__always)
    private mutating func config(endingWith next: (index: Int, position: Int)) -> Config {
        let last = levels.count - 1
        levels[last].hasFound = true
        levels[last].position = next.position
        assignment.choose(levels[last].axis, at: next.index)
        var rebuilt = -1
        for level in Swift.min(firstChange, last)..<levels.count where levels[level].parameter != rebuilt {
            rebuilt = levels[level].parameter
            values[rebuilt] =
                levels[level].isScalar
                ? assignment.value(ofAxis: levels[level].axis) : assignment.value(of: rebuilt)
        }
        firstChange = levels.count
        // Copied one by one, `values` stays the sequence's own and is changed in place for the next config.
        var copy: [Value] = []
        copy.reserveCapacity(values.count)
        copy.append(addingCapacity: values.count) { copy in
            for index in values.indices { copy.append(values[index]) }
        }
        return Config(names: names, values: copy)
    }
}
