/// Random choices for a component whose choices are too many to count.
///
/// A dive binds one axis after another to a random one of the values that fit so far. The product of how many there were
/// is, on average over dives, the number of valid choices (Knuth, "Estimating the efficiency of backtrack programs", 1975).
struct RandomDive: Sendable {
    private let binding: BindingOrder
    private var assignment: Assignment

    /// Values of an axis are all tried where they are no more than this, and else so many at random.
    private static let mostTried = 256
    private static let triedAtRandom = 64

    init(_ component: Component, in space: CompiledSpace) {
        binding = BindingOrder(Self.order(of: component, in: space), in: space)
        assignment = binding.start(space)
    }

    /// Each condition's axes together, the smallest first, so that conditions close early.
    private static func order(of component: Component, in space: CompiledSpace) -> [Int] {
        let groups = component.conditions.map { space.conditions[$0].axes }
        var order: [Int] = []
        var seen: Set<Int> = []
        for group in groups.sorted(by: { ($0.count, $0[0]) < ($1.count, $1[0]) }) + [component.axes] {
            order += group.filter { seen.insert($0).inserted }
        }
        return order
    }

    /// The number of valid choices as one dive sees it, 0 if it finds none; it is at a `choice` otherwise.
    mutating func dive<G: RandomNumberGenerator>(using generator: inout G) -> Double {
        var weight = 1.0
        for (place, step) in binding.steps.enumerated() {
            if step.isFree {
                binding.bind(place, to: Int.random(in: 0..<step.count, using: &generator), &assignment)
                weight *= Double(step.count)
                continue
            }
            var fitting: [Int] = []
            let isTriedWhole = step.count <= Self.mostTried
            let trials = isTriedWhole ? step.count : Self.triedAtRandom
            for trial in 0..<trials {
                let index = isTriedWhole ? trial : Int.random(in: 0..<step.count, using: &generator)
                if binding.fits(index, at: place, &assignment) { fitting.append(index) }
            }
            guard let index = fitting.randomElement(using: &generator) else { return 0 }
            binding.bind(place, to: index, &assignment)
            weight *= Double(fitting.count) * Double(step.count) / Double(trials)
        }
        return weight
    }

    /// Axes and the indices of their values.
    var choice: [(axis: Int, index: Int)] {
        binding.steps.map { ($0.axis, assignment.indices[$0.axis]) }
    }
}
