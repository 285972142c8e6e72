/// The counts of a space's independent parts, and choices by rank or at random from them.
struct SpaceCounts: Sendable {
    /// Steps of counting that take well under a second; beyond them, a component is estimated.
    static let mostWork = 4_000_000

    let count: ConfigCount
    private let space: CompiledSpace
    private let decomposition: Decomposition
    private var counted: [(counter: TreeCounter, count: UInt128)] = []
    private var estimated: [EstimatedComponent] = []
    /// The default's index on each axis.
    private let start: [Int]

    init(_ space: CompiledSpace, start: [Int], mostWork: Int = Self.mostWork) {
        self.space = space
        self.start = start
        decomposition = Decomposition(space)
        var product = Product()
        for axis in decomposition.free { product.multiply(by: UInt128(space.layout.axes[axis].count)) }
        for arrangement in decomposition.arrangements {
            if let count = arrangement.count {
                product.multiply(by: count)
            } else {
                product.multiply(by: Domain.permutation(length: arrangement.axes.count).cardinality)
            }
        }
        var work = mostWork
        for component in decomposition.components {
            if let result = Self.counted(component, in: space, mostWork: &work) {
                product.multiply(by: result.count)
                counted.append(result)
            } else {
                let rest = EstimatedComponent(component, from: start, in: space)
                product.multiply(by: rest.estimate)
                estimated.append(rest)
            }
        }
        count = product.exact.map { ConfigCount(exact: $0) } ?? ConfigCount(estimate: product.estimate)
    }

    private struct Product {
        var exact: UInt128? = 1
        var estimate = 1.0

        mutating func multiply(by factor: UInt128) {
            estimate *= Double(factor)
            guard let (product, overflow) = exact?.multipliedReportingOverflow(by: factor) else { return }
            exact = overflow ? nil : product
        }

        mutating func multiply(by factor: Double) {
            estimate *= factor
            exact = nil
        }
    }

    private static func counted(
        _ component: Component, in space: CompiledSpace, mostWork: inout Int
    ) -> (counter: TreeCounter, count: UInt128)? {
        // An axis of more values than steps needs no try.
        guard component.axes.allSatisfy({ space.layout.axes[$0].count <= mostWork }) else { return nil }
        guard let tree = try? CountTree(component, in: space)
        else {
            return nil
        }
        var counter = TreeCounter(tree, in: space)
        guard let count = try? counter.count(mostWork: mostWork) else {
            mostWork = mostWork / 4
            return nil
        }
        return (counter, count)
    }

    /// The choice at `rank`, below the exact count, as the index of each axis's value.
    mutating func choice(at rank: UInt128) -> [Int] {
        var indices = start
        var rest = rank
        func digit(_ count: UInt128) -> UInt128 {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: count)
            rest = quotient
            return remainder
        }
        for axis in decomposition.free { indices[axis] = Int(digit(UInt128(space.layout.axes[axis].count))) }
        for part in counted.indices { choose(from: part, at: digit(counted[part].count), &indices) }
        for arrangement in decomposition.arrangements {
            arrangement.choose(at: digit(arrangement.count ?? 1), &indices)
        }
        return indices
    }

    /// A random choice, each part's own.
    mutating func choice<G: RandomNumberGenerator>(using generator: inout G) -> [Int] {
        var indices = start
        for axis in decomposition.free {
            indices[axis] = Int.random(in: 0..<space.layout.axes[axis].count, using: &generator)
        }
        for part in counted.indices {
            choose(from: part, at: .random(in: 0..<counted[part].count, using: &generator), &indices)
        }
        for part in estimated.indices {
            for (axis, index) in estimated[part].choose(using: &generator) { indices[axis] = index }
        }
        for arrangement in decomposition.arrangements { arrangement.shuffle(&indices, using: &generator) }
        return indices
    }

    private mutating func choose(from part: Int, at rank: UInt128, _ indices: inout [Int]) {
        // Choosing repeats what counting did, so it is not given up.
        try? counted[part].counter.choose(at: rank) { axis, index in indices[axis] = index }
    }
}
