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
        let patience = self.count().exact == nil ? Self.mostEstimatedMisses : Self.mostMisses
        var draw = Draw(of: self, mostDraws: patience + max(0, min(count, Self.mostMisses)))
        while configs.count < count, let config = draw.next(using: &generator) {
            if !excluding(config) { configs.append(config) }
        }
        return configs
    }

    /// Draws that may be excluded before the search ends; where there is no exact count, each takes about a millisecond.
    private static let mostMisses = 1 << 20
    private static let mostEstimatedMisses = 1 << 12

    func makeCounts() -> SpaceCounts {
        SpaceCounts(compiled, start: indices(of: parameters.map(\.defaultValue)))
    }

    /// The index on each axis of `values`, which are of the parameters' domains.
    func indices(of values: [Value]) -> [Int] {
        var indices = Array(repeating: 0, count: compiled.layout.axes.count)
        for (shape, value) in zip(compiled.layout.shapes, values) {
            compiled.layout.scatter(value, over: shape) { axis, value in
                indices[axis] = compiled.layout.index(of: value, on: axis)
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

    /// At most so many draws of an uncounted space may bring what was drawn before, one after another.
    private static let mostRepeats = 256

    init(of space: ConfigSpace, mostDraws: Int) {
        self.space = space
        total = space.count().exact
        self.mostDraws = total.map { Int(min($0, UInt128(mostDraws))) } ?? mostDraws
    }

    mutating func next<G: RandomNumberGenerator>(using generator: inout G) -> Config? {
        guard drawn < mostDraws else { return nil }
        drawn += 1
        if let total { return space.config(at: ranked(among: total, using: &generator)) }
        for _ in 0..<Self.mostRepeats {
            let indices = space.counter.use(making: space.makeCounts) { $0.choice(using: &generator) }
            if seen.insert(indices).inserted { return space.config(at: indices) }
        }
        return nil
    }

    private mutating func ranked<G: RandomNumberGenerator>(among total: UInt128, using generator: inout G) -> [Int] {
        let place = UInt128(drawn - 1)
        let other = UInt128.random(in: place..<total, using: &generator)
        let rank = moved[other] ?? other
        moved[other] = moved[place] ?? place
        moved[place] = nil
        return space.counter.use(making: space.makeCounts) { $0.choice(at: rank) }
    }
}
