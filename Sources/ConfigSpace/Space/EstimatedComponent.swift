/// A component whose choices are too many to count: how many there are about, and random ones.
struct EstimatedComponent: Sendable {
    /// About how many choices there are.
    let estimate: Double
    private var dive: RandomDive
    private var walk: RandomWalk
    /// Whether any dive of the estimate met the conditions.
    private let divesArrive: Bool

    private static let divesToEstimate = 1000
    private static let divesToChoose = 32

    /// `start` is a valid choice, for the walk to begin at.
    ///
    /// The estimate is the mean of dives whose seed is always the same.
    init(_ component: Component, from start: [Int], in space: CompiledSpace) {
        dive = RandomDive(component, in: space)
        walk = RandomWalk(component, from: start, in: space)
        var generator = SplitMix64(seed: 0)
        var total = 0.0
        for _ in 0..<Self.divesToEstimate { total += dive.dive(using: &generator) }
        estimate = max(1, total / Double(Self.divesToEstimate))
        divesArrive = total > 0
    }

    /// One of several dives, by the number of choices that each stands for; where none arrives, where the walk goes next.
    mutating func choose<G: RandomNumberGenerator>(using generator: inout G) -> [(axis: Int, index: Int)] {
        var total = 0.0
        var choice: [(axis: Int, index: Int)]?
        for _ in 0..<(divesArrive ? Self.divesToChoose : 0) {
            let weight = dive.dive(using: &generator)
            guard weight > 0 else { continue }
            total += weight
            if Double.random(in: 0..<total, using: &generator) < weight { choice = dive.choice }
        }
        if let choice { return choice }
        walk.walk(using: &generator)
        return walk.choice
    }
}
