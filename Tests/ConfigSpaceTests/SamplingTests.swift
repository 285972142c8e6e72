import ConfigSpace
import Testing

/// Pearson's statistic of how often each of `expected` was drawn, and its degrees of freedom.
private func chiSquare(_ space: ConfigSpace, _ expected: [Config], draws: Int) -> (statistic: Double, freedom: Double) {
    var generator = SplitMix64(seed: 42)
    var counts: [Config: Int] = [:]
    for _ in 0..<draws {
        for config in space.sample(1, using: &generator) { counts[config, default: 0] += 1 }
    }
    let mean = Double(draws) / Double(expected.count)
    let statistic = expected.reduce(0.0) { sum, config in
        let difference = Double(counts[config] ?? 0) - mean
        return sum + difference * difference / mean
    }
    return (statistic, Double(expected.count - 1))
}

@Test(
    "every valid config is drawn equally often",
    arguments: [
        ["a * b <= 8", "c[0] != c[1]"], ["a >= b", "order[0] == 1 or flag"], ["a + b + c[0] + c[1] == 7"],
        ["order[2] > a - 2", "sum(c) < 4"],
    ])
func uniformity(constraints: [String]) throws {
    let numbers = Domain.integer(min: 0, max: 4, step: 1)
    let space = try #require(
        try spaceWithValidDefault(
            [
                ("a", .powerOf2(min: 1, max: 8)), ("b", numbers), ("c", .list(length: 2, of: numbers)),
                ("flag", .boolean),
                ("order", .permutation(length: 3)),
            ], constraints))
    let valid = bruteForce(space)
    let (statistic, freedom) = chiSquare(space, valid, draws: 5 * valid.count)
    // Five standard deviations of the chi-square distribution.
    #expect(abs(statistic - freedom) < 5 * (2 * freedom).squareRoot())
}

@Test("a sample is the same for the same seed, and without repeats")
func repeatableSamples() throws {
    let space = try space(
        [("a", .integer(min: 0, max: 99, step: 1)), ("b", .integer(min: 0, max: 99, step: 1))], ["a <= b"])
    var first = SplitMix64(seed: 7)
    var second = SplitMix64(seed: 7)
    let sample = space.sample(500, using: &first)
    #expect(sample == space.sample(500, using: &second))
    #expect(Set(sample).count == 500)
    #expect(sample != space.sample(500, using: &first))
}

@Test("a sample ends when the space does, and leaves out what is excluded")
func exhaustion() throws {
    let space = try space([("a", .integer(min: 0, max: 9, step: 1)), ("b", .boolean)], ["a > 4 or not b"])
    var generator = SplitMix64(seed: 1)
    let all = space.sample(100, using: &generator)
    #expect(Set(all) == Set(space.allConfigs()) && all.count == 15)
    let rest = space.sample(100, using: &generator) { $0["b"] == .bool(false) }
    #expect(rest.count == 5 && rest.allSatisfy { $0["b"] == .bool(true) })
    #expect(space.sample(0, using: &generator) == [])
}

@Test("permutations of length 12 are sampled like everything else")
func longPermutationSamples() throws {
    let space = try space([("order", .permutation(length: 12))], ["order[0] < order[11]"])
    var generator = SplitMix64(seed: 5)
    let sample = space.sample(200, using: &generator)
    #expect(Set(sample).count == 200 && sample.allSatisfy(space.isValid))
}

@Test("where the count is an estimate, samples are valid and spread over the space")
func estimatedSpaces() throws {
    let large = Domain.integer(min: 1, max: 1_000_000_000, step: 1)
    let space = try space([("a", large), ("b", large)], ["a <= b"])
    var generator = SplitMix64(seed: 9)
    let sample = space.sample(200, using: &generator)
    #expect(sample.count == 200 && sample.allSatisfy(space.isValid))
    let shares = sample.compactMap { config in
        if case .int(let a) = config["a"] { Double(a) / 1e9 } else { nil }
    }
    // The lesser of two uniform numbers is a third on average.
    let mean = shares.reduce(0, +) / 200
    #expect(mean > 0.25 && mean < 0.41)
}

@Test("constraints too tight for dives are walked through from the default, and nothing hangs")
func tightConstraints() throws {
    let large = Domain.integer(min: 0, max: 1_000_000_000, step: 1)
    let space = try space([("a", large), ("b", large), ("c", .boolean)], ["a == b and (c or a % 7 == 0)"])
    var generator = SplitMix64(seed: 2)
    let sample = space.sample(10, using: &generator)
    #expect(!sample.isEmpty && sample.allSatisfy(space.isValid))
    #expect(space.count().exact == nil)
}
