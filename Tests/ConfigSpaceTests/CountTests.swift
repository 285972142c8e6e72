import ConfigSpace
import Testing

@Test("a space of 10^20 configs is counted at once, and exactly")
func hugeCount() throws {
    let names = (0..<20).map { "p\($0)" }
    let domain = Domain.integer(min: 0, max: 9, step: 1)
    let free = try space(names.map { ($0, domain) })
    #expect(free.count().description == "100,000,000,000,000,000,000")
    let pairs = stride(from: 0, to: 20, by: 2).map { "p\($0) <= p\($0 + 1)" }
    let constrained = try space(names.map { ($0, domain) }, pairs)
    // 55 of 100 pairs, ten times.
    #expect(constrained.count().exact == UInt128(253_295_162_119_140_625))
}

@Test("a chain of constraints is counted by what one link leaves to the next")
func chainCount() throws {
    let names = (0..<20).map { "p\($0)" }
    let chain = (1..<20).map { "p\($0 - 1) <= p\($0)" }
    let space = try space(names.map { ($0, Domain.integer(min: 0, max: 9, step: 1)) }, chain)
    // Multisets of 20 among 10 values: 29 choose 9.
    #expect(space.count().exact == 10_015_005)
}

@Test("elements of a list that constraints look at one by one are counted apart")
func listElements() throws {
    let sizes = Domain.list(length: 12, of: .powerOf2(min: 1, max: 512))
    let space = try space(
        [("sizes", sizes)], ["sizes[0] * sizes[1] <= 4", "sizes[-1] > 1"],
        defaults: [
            "sizes": .list(Array(repeating: .int(1), count: 11) + [.int(2)])
        ])
    #expect(space.count().exact == 54_000_000_000)
}

@Test("permutations of length 12 are counted without listing them")
func longPermutationCounts() throws {
    let free = try space([("order", .permutation(length: 12)), ("x", .boolean)])
    #expect(free.count().exact == 958_003_200)
    let fixed = try space([("order", .permutation(length: 12))], ["order[0] < order[11]", "order[3] == 3"])
    // 11! / 2: half of the orders of the other eleven.
    #expect(fixed.count().exact == 19_958_400)
    #expect(free.allConfigs().first { _ in true } == free.defaultConfig)
}

@Test("what would take too long is estimated, and said to be")
func estimates() throws {
    let large = Domain.integer(min: 1, max: 1_000_000_000, step: 1)
    let space = try space([("a", large), ("b", large), ("free", .boolean)], ["a <= b"])
    let count = space.count()
    #expect(count.exact == nil)
    #expect(abs(count.estimate / 1e18 - 1) < 0.1)
    #expect(
        count.description.hasPrefix("about ") && count.description.hasSuffix("e17")
            || count.description == "about 1.0e18")
    #expect(space.count() == count)
}

@Test("a count beyond 128 bits is an estimate")
func beyond128Bits() throws {
    let space = try space([("sizes", .list(length: 100, of: .integer(min: 0, max: 9, step: 1)))])
    #expect(space.count().exact == nil)
    #expect(space.count().description == "about 1.0e100")
}

@Test("counts are written for people", arguments: [(1, "1"), (999, "999"), (4362, "4,362"), (1_234_567, "1,234,567")])
func countDescriptions(number: Int, text: String) throws {
    #expect(try space([("x", .integer(min: 1, max: number, step: 1))]).count().description == text)
}

@Test("constraints on what has no choice leave a space as it is, or empty")
func fixedConstraints() throws {
    let fixed = Domain.values([.int(2)])
    #expect(
        try space([("a", fixed), ("b", .boolean)], ["a == 2", "k > a"], constants: ["k": .int(3)]).count().exact == 2)
    #expect(try spaceWithValidDefault([("a", fixed), ("b", .boolean)], ["a == 3"]) == nil)
}
