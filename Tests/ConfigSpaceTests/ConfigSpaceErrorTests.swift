import ConfigSpace
import Testing

private func failure(
    _ parameters: [(String, Domain)], _ constraints: [String] = [], defaults: [String: Value] = [:],
    constants: [String: Value] = [:]
) throws -> ConfigSpaceError {
    try #require(throws: ConfigSpaceError.self) {
        try space(parameters, constraints, constants: constants, defaults: defaults)
    }
}

private let badDomains: [(Domain, String)] = [
    (.powerOf2(min: 0, max: 8), "x: min 0 is not a power of two"),
    (.powerOf2(min: 16, max: 8), "x: it is empty: min 16 exceeds max 8"),
    (.integer(min: 3, max: 1, step: 1), "x: it is empty: min 3 exceeds max 1"),
    (.integer(min: 1, max: 3, step: 0), "x: step 0 is not positive"),
    (
        .integer(min: Int.min, max: Int.max, step: 1),
        "x: min -9223372036854775808 to max 9223372036854775807 is more than 64 bits can count"
    ),
    (.values([]), "x: it is empty: there are no values"),
    (.values([.int(1), .int(2), .int(1)]), "x: the value 1 is repeated"),
    (.permutation(length: -1), "x: a permutation has a length from 0 to 64, not -1"),
    (.list(length: 100_000_000, of: .boolean), "x: a list has a length from 0 to 1024, not 100000000"),
    (.list(length: 1000, of: .list(length: 1000, of: .boolean)), "x: a space has at most 4096 scalars in all"),
    (.tuple([.boolean, .values([])]), "x: it is empty: there are no values"),
]

@Test("a domain that makes no sense is refused", arguments: badDomains)
func badDomain(domain: Domain, message: String) throws {
    let error = try failure([("x", domain)])
    #expect(error.description == message)
    #expect(error.parameter == "x" && error.constraintIndex == nil)
}

@Test("two parameters of one name are refused")
func duplicates() throws {
    #expect(try failure([("x", .boolean), ("x", .boolean)]).description == "there are two parameters named 'x'")
}

@Test("a default outside its domain is refused, one of the same worth is taken")
func defaults() throws {
    let domain = Domain.powerOf2(min: 1, max: 64)
    let error = try failure([("x", domain)], defaults: ["x": .int(48)])
    #expect(error.description == "x: the default 48 must be a power of two from 1 to 64")
    #expect(try space([("x", domain)], defaults: ["x": .double(32)]).defaultConfig["x"] == .int(32))
}

@Test("an unknown name is pointed at, with the nearest known one")
func unknownName() throws {
    let error = try failure([("block_m", .boolean)], ["True", "1 < blok_m"])
    #expect(error.constraintIndex == 1 && error.expressionError?.column == 5)
    #expect(
        error.description == """
            unknown name 'blok_m'; did you mean 'block_m'?
              1 < blok_m
                  ^
            """)
}

@Test("a default that violates a constraint, or for which it has no value, is refused with the values")
func defaultAgainstConstraints() throws {
    let domain = Domain.integer(min: 0, max: 8, step: 1)
    let violated = try failure([("a", domain), ("b", domain)], ["a <= b", "a + n > b"], constants: ["n": .int(0)])
    #expect(violated.description == "the default config violates a + n > b (a = 0, b = 0)")
    #expect(violated.constraintIndex == 1)
    let failing = try failure([("a", domain)], ["8 // a > 1"])
    #expect(failing.description.hasPrefix("with the default config (a = 0): division by zero"))
    #expect(failing.expressionError?.column == 3)
}

@Test("the first valid config is found where defaults are not valid")
func firstValid() throws {
    let parameters = [
        Parameter(name: "a", domain: .integer(min: 0, max: 8, step: 1), defaultValue: .string("odd")),
        Parameter(name: "b", domain: .integer(min: 0, max: 8, step: 1)),
    ]
    let constraint = Constraint(try Expression(parsing: "a + b == 12 and b % 3 == 1"))
    let first = try ConfigSpace.firstValidConfig(parameters: parameters, constraints: [constraint])
    #expect(first == Config(names: ["a", "b"], values: [.int(5), .int(7)]))
}
