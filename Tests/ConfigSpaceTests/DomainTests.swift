import ConfigSpace
import Testing

private let domains: [(Domain, Int)] = [
    (.powerOf2(min: 1, max: 64), 7), (.powerOf2(min: 8, max: 8), 1), (.integer(min: -2, max: 7, step: 3), 4),
    (.integer(min: 5, max: 5, step: 1), 1), (.values([.null, .bool(false), .int(3), .string("a")]), 4), (.boolean, 2),
    (.permutation(length: 4), 24), (.permutation(length: 0), 1), (.list(length: 3, of: .boolean), 8),
    (.list(length: 0, of: .boolean), 1), (.tuple([.powerOf2(min: 1, max: 4), .values([.string("x")])]), 3),
    (.list(length: 2, of: .permutation(length: 2)), 4),
]

@Test("a domain contains its values and says how many there are", arguments: domains)
func cardinality(domain: Domain, count: Int) throws {
    let values = allValues(of: domain)
    #expect(values.count == count)
    #expect(domain.cardinality == Double(count))
    #expect(values.allSatisfy { domain.contains($0) })
    #expect(values.first == domain.naturalDefault)
    #expect(try space([("x", domain)]).allConfigs().map(\.values) == values.map { [$0] })
}

@Test(
    "a domain contains nothing else",
    arguments: [
        (Domain.powerOf2(min: 2, max: 64), "[0, 1, 3, 128, 4.0, -2, '4', True, None, [4]]"),
        (.integer(min: 1, max: 9, step: 2), "[0, 2, 10, 3.0, -9223372036854775807, '3', True]"),
        (.values([.int(1), .string("a")]), "[0, 1.0, 'b', True, None]"), (.boolean, "[0, 1, 'true', None]"),
        (.permutation(length: 2), "[[0], [0, 0], [1, 2], [0, 1, 2], [0.0, 1], 0]"),
        (.list(length: 2, of: .boolean), "[[True], [True, 1], [True, True, True], True]"),
        (.tuple([.boolean, .integer(min: 0, max: 1, step: 1)]), "[[0, True], [True], []]"),
    ])
func nothingElse(domain: Domain, others: String) throws {
    guard case .list(let others) = try evaluate(others) else { return }
    #expect(others.filter { domain.contains($0) } == [])
}

@Test(
    "domains are described in the prompts' notation",
    arguments: [
        (Domain.powerOf2(min: 1, max: 64), "1", "power_of_2(min=1, max=64, default=1)"),
        (.integer(min: 0, max: 4, step: 1), "0", "integer(min=0, max=4, default=0)"),
        (.integer(min: 0, max: 8, step: 2), "4", "integer(min=0, max=8, step=2, default=4)"),
        (.values([.null, .bool(false), .bool(true)]), "None", "enum(null, false, true, default=null)"),
        (.values([.string(""), .string("first")]), "''", #"enum("", "first", default="")"#),
        (.boolean, "False", "boolean(default=false)"), (.permutation(length: 2), "[0, 1]", "permutation(length=2)"),
        (.permutation(length: 2), "[1, 0]", "permutation(length=2, default=[1,0])"),
        (.list(length: 2, of: .boolean), "[True, True]", "list of 2 x boolean(default=true)"),
        (.list(length: 2, of: .boolean), "[True, False]", "[boolean(default=true), boolean(default=false)]"),
        (.list(length: 1, of: .permutation(length: 2)), "[[0, 1]]", "list of 1 x permutation(length=2)"),
        (
            .tuple([.powerOf2(min: 1, max: 1), .powerOf2(min: 8, max: 1024)]), "[1, 16]",
            "[power_of_2(min=1, max=1, default=1), power_of_2(min=8, max=1024, default=16)]"
        ),
    ])
func descriptions(domain: Domain, defaultText: String, expected: String) throws {
    #expect(domain.describe(default: try evaluate(defaultText)) == expected)
}

@Test("huge domains say how many values they have without listing them")
func hugeDomains() {
    #expect(Domain.permutation(length: 12).cardinality == 479_001_600)
    #expect(Domain.list(length: 20, of: .powerOf2(min: 1, max: 512)).cardinality == 1e20)
    #expect(Domain.list(length: 1000, of: .integer(min: 0, max: Int.max - 1, step: 1)).cardinality == .infinity)
}
