/// The values chosen so far, axis by axis.
struct Assignment: Sendable {
    private let space: CompiledSpace
    /// The index of each axis's value among its choices.
    private(set) var indices: [Int]
    /// A scalar for each axis, then what conditions compute with.
    var cells: [Scalar]

    /// Axes without a choice are bound from the start.
    init(_ space: CompiledSpace) {
        self.space = space
        indices = Array(repeating: 0, count: space.layout.axes.count)
        cells = space.cells
        for axis in indices.indices where space.layout.axes[axis].count == 1 { bind(axis, to: 0) }
    }

    mutating func bind(_ axis: Int, to index: Int) {
        indices[axis] = index
        cells[axis] = space.layout.scalar(of: axis, at: index)
    }

    /// Chooses the value at `index`, which no condition is to be checked with.
    mutating func choose(_ axis: Int, at index: Int) { indices[axis] = index }

    /// Whether the condition holds; its axes are bound.
    mutating func satisfies(_ condition: Int) -> Bool {
        if let holds = space.holdsFast(condition, &cells) { return holds }
        return space.conditions[condition].holdsSlowly { value(of: $0) }
    }

    @inline(__always)
    func value(ofAxis axis: Int) -> Value { space.layout.value(of: axis, at: indices[axis]) }

    func value(of parameter: Int) -> Value {
        space.layout.value(of: space.layout.shapes[parameter], indices)
    }
}
