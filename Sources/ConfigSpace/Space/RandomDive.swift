/// Random choices for a component whose choices are too many to count.
///
/// A dive binds one axis after another to a random one of the values that fit so far. The product of how many there were
/// is, on average over dives, the number of valid choices (Knuth, "Estimating the efficiency of backtrack programs", 1975).
struct RandomDive: Sendable {
    /// The component's axes in the order of binding, with what closes at each.
    private let steps: [Step]
    private let space: CompiledSpace
    private var assignment: Assignment

    private struct Step: Sendable {
        let axis: Int
        let count: Int
        let conditions: [Condition]
        let rivals: [Int]
    }

    /// Values of an axis tried at once: all where they are no more, or else so many at random.
    private static let mostTried = 256

    init(_ component: Component, in space: CompiledSpace) {
        self.space = space
        assignment = Assignment(space)
        var bound: Set<Int> = []
        steps = component.bindingOrder.map { axis in
            let rivals = component.rivals.filter { $0.contains(axis) }.joined().filter { bound.contains($0) }
            bound.insert(axis)
            let closing = component.conditions.filter { $0.axes.contains(axis) && bound.isSuperset(of: $0.axes) }
            return Step(axis: axis, count: space.layout.axes[axis].count, conditions: closing, rivals: rivals)
        }
    }

    /// The number of valid choices as one dive sees it, 0 if it finds none; the choice is in `indices` then.
    mutating func dive<G: RandomNumberGenerator>(using generator: inout G) -> Double {
        var weight = 1.0
        for step in steps {
            var fitting: [Int] = []
            let isTriedWhole = step.count <= Self.mostTried
            for trial in 0..<min(step.count, Self.mostTried) {
                let index = isTriedWhole ? trial : Int.random(in: 0..<step.count, using: &generator)
                if fits(index, at: step) { fitting.append(index) }
            }
            guard let index = fitting.randomElement(using: &generator) else { return 0 }
            assignment.bind(step.axis, to: index, in: space)
            weight *= Double(fitting.count) * (isTriedWhole ? 1 : Double(step.count) / Double(Self.mostTried))
        }
        return weight
    }

    /// The choice that the last dive made: axes and the indices of their values.
    var choice: [(axis: Int, index: Int)] {
        steps.map { ($0.axis, assignment.indices[$0.axis]) }
    }

    private mutating func fits(_ index: Int, at step: Step) -> Bool {
        for rival in step.rivals where assignment.indices[rival] == index { return false }
        assignment.bind(step.axis, to: index, in: space)
        for condition in step.conditions where !assignment.satisfies(condition, in: space) { return false }
        return true
    }
}
