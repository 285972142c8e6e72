/// A random walk over the valid choices of a component, for constraints so tight that dives find nothing.
///
/// A move gives one axis another value, or swaps two elements of a permutation, and is taken back if that is not valid.
/// Moves are as likely as their reverses, so all choices that can be reached become equally likely in the long run
/// (Metropolis and others 1953); the walk is short, and starts where the last one ended, at the default first.
struct RandomWalk: Sendable {
    private let component: Component
    private let space: CompiledSpace
    private var assignment: Assignment

    /// Moves tried for one choice, for each axis.
    private static let movesPerAxis = 64

    init(_ component: Component, from indices: [Int], in space: CompiledSpace) {
        self.component = component
        self.space = space
        assignment = Assignment(space)
        for axis in component.axes { assignment.bind(axis, to: indices[axis]) }
    }

    /// Goes on for a while.
    mutating func walk<G: RandomNumberGenerator>(using generator: inout G) {
        for _ in 0..<Self.movesPerAxis * component.axes.count {
            guard let axis = component.axes.randomElement(using: &generator) else { return }
            let old = assignment.indices[axis]
            let new = Int.random(in: 0..<space.layout.axes[axis].count, using: &generator)
            if new == old { continue }
            let mates = component.rivals.first { $0.contains(axis) } ?? []
            let rival = mates.first { assignment.indices[$0] == new }
            move(axis, to: new, rival, to: old)
            if !isValid([axis] + (rival.map { [$0] } ?? [])) { move(axis, to: old, rival, to: new) }
        }
    }

    /// Axes and the indices of their values.
    var choice: [(axis: Int, index: Int)] {
        component.axes.map { ($0, assignment.indices[$0]) }
    }

    private mutating func move(_ axis: Int, to index: Int, _ rival: Int?, to rivalIndex: Int) {
        assignment.bind(axis, to: index)
        if let rival { assignment.bind(rival, to: rivalIndex) }
    }

    private mutating func isValid(_ changed: [Int]) -> Bool {
        for condition in component.conditions where changed.contains(where: space.conditions[condition].axes.contains) {
            if !assignment.satisfies(condition) { return false }
        }
        return true
    }
}
