import Synchronization

/// The counts of a space, made when they are first needed and shared by its copies.
final class SharedCounter: Sendable {
    private let counts = Mutex<SpaceCounts?>(nil)

    func use<Result: Sendable>(
        making make: () -> SpaceCounts, _ body: (inout SpaceCounts) -> Result
    ) -> Result {
        counts.withLock { counts in
            // Taken out, so that changing it copies nothing.
            var current = counts.take() ?? make()
            let result = body(&current)
            counts = current
            return result
        }
    }
}

extension ConfigSpace {
    /// The number of valid configs: exact where that takes under about a second, else an estimate.
    ///
    /// Parts of the space that share no constraint are counted apart and multiplied. A part that is too large to be
    /// counted in a fixed number of steps is estimated from random dives, always the same ones.
    public func count() -> ConfigCount {
        counter.use(making: makeCounts) { $0.count }
    }

    /// Distinct random configs, fewer than `count` where there are no more.
    ///
    /// Where the count is exact, every valid config that is not excluded is equally likely, in every place. Where it is
    /// not, parts of the space that can be counted are sampled uniformly all the same. From each other part 32 random
    /// dives are made and one of them taken with the weight it has in Knuth's estimate, which comes near to uniform
    /// (sampling importance resampling, Rubin 1987); where no dive meets the constraints, a random walk from the default
    /// takes over. `excluding` should say the same of a config each time. The work is bounded: in a space of more than a
    /// million configs, of which almost all are excluded, the search may end early.
    public func sample<G: RandomNumberGenerator>(
        _ count: Int, using generator: inout G, excluding: (Config) -> Bool = { _ in false }
    ) -> [Config] {
        var configs: [Config] = []
        var draw = Draw(of: self, mostMisses: Self.mostMisses + 16 * max(0, count))
        while configs.count < count, let config = draw.next(using: &generator) {
            if !excluding(config) { configs.append(config) }
        }
        return configs
    }

    private static let mostMisses = 1 << 20

    func makeCounts() -> SpaceCounts {
        SpaceCounts(compiled, start: indices(of: parameters.map(\.defaultValue)))
    }

    /// The index on each axis of `values`, which are of the parameters' domains.
    func indices(of values: [Value]) -> [Int] {
        var indices = Array(repeating: 0, count: compiled.layout.axes.count)
        for (shape, value) in zip(compiled.layout.shapes, values) {
            compiled.layout.scatter(value, over: shape) { axis, value in
                indices[axis] = compiled.layout.axes[axis].index(of: value)
            }
        }
        return indices
    }

    func config(at indices: [Int]) -> Config {
        Config(names: names, values: compiled.layout.shapes.map { compiled.layout.value(of: $0, indices) })
    }
}

/// Draws the configs of a space in random order, none twice.
private struct Draw {
    private let space: ConfigSpace
    private let total: UInt128?
    private var drawn = 0
    private let mostDraws: Int
    /// A shuffle of the ranks, of which only the places that differ from their rank are kept.
    private var moved: [UInt128: UInt128] = [:]
    private var seen: Set<[Int]> = []

    init(of space: ConfigSpace, mostMisses: Int) {
        self.space = space
        total = space.count().exact
        mostDraws = total.map { Int(min($0, UInt128(mostMisses))) } ?? mostMisses / 64
    }

    mutating func next<G: RandomNumberGenerator>(using generator: inout G) -> Config? {
        while drawn < mostDraws {
            let place = UInt128(drawn)
            drawn += 1
            if let total {
                let other = UInt128.random(in: place..<total, using: &generator)
                let rank = moved[other] ?? other
                moved[other] = moved[place] ?? place
                moved[place] = nil
                return space.config(at: space.counter.use(making: space.makeCounts) { $0.choice(at: rank) })
            }
            let indices = space.counter.use(making: space.makeCounts) { $0.choice(using: &generator) }
            if seen.insert(indices).inserted { return space.config(at: indices) }
        }
        return nil
    }
}
