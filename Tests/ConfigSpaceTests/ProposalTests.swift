import ConfigSpace
import Testing

private func attention() throws -> ConfigSpace {
    try space(
        [
            ("block_m", .powerOf2(min: 16, max: 256)), ("num_stages", .integer(min: 1, max: 8, step: 1)),
            ("swizzle", .values([.string("none"), .string("xor"), .null])),
            ("unroll", .values([.int(1), .double(2), .int(8)])),
            ("vectorize", .boolean), ("order", .permutation(length: 3)),
            ("block_sizes", .tuple([.powerOf2(min: 1, max: 1), .powerOf2(min: 8, max: 64)])),
            ("flags", .list(length: 2, of: .boolean)),
        ], ["block_m * num_stages <= 512", "num_stages == 1 or block_sizes[1] >= 16"],
        defaults: ["block_m": .int(64), "block_sizes": .list([.int(1), .int(16)])])
}

private func problems(_ members: [String: Value]) throws -> String {
    switch try attention().config(from: .object(members)) {
    case .success(let config): config.json
    case .failure(let error): error.description
    }
}

@Test("a sparse proposal is completed from the default, in the order of the space")
func sparseProposal() throws {
    let space = try attention()
    let config = try space.config(from: .object(["num_stages": .int(4)])).get()
    #expect(config == space.defaultConfig.with("num_stages", .int(4)))
    #expect(try space.config(from: .object([:])).get() == space.defaultConfig)
}

@Test("numbers are taken for the domain's value of the same worth, wherever they stand")
func canonicalNumbers() throws {
    let config = try attention().config(
        from: .object([
            "block_m": .double(64), "unroll": .int(2), "order": .list([.double(2), .int(0), .int(1)]),
            "block_sizes": .list([.double(1), .double(32)]),
        ])
    ).get()
    #expect(config["block_m"] == .int(64) && config["unroll"] == .double(2))
    #expect(config["order"] == .list([.int(2), .int(0), .int(1)]))
    #expect(config["block_sizes"] == .list([.int(1), .int(32)]))
}

private let refusals: [(String, Value, String)] = [
    ("block_m", .int(48), "block_m = 48 must be a power of two from 16 to 256; nearest: 32 and 64"),
    ("block_m", .int(1), "block_m = 1 must be a power of two from 16 to 256; nearest: 16"),
    ("block_m", .double(1e300), "block_m = 1e+300 must be a power of two from 16 to 256; nearest: 256"),
    ("block_m", .string("64"), #"block_m = "64" must be a power of two from 16 to 256; write 64"#),
    ("block_m", .bool(true), "block_m = true must be a power of two from 16 to 256"),
    (
        "block_m", .list([.int(64)]),
        "block_m takes one value, not a list: [64] must be a power of two from 16 to 256; write 64"
    ),
    ("num_stages", .double(2.5), "num_stages = 2.5 must be an integer from 1 to 8; nearest: 2 and 3"),
    ("num_stages", .int(Int.max), "num_stages = 9223372036854775807 must be an integer from 1 to 8; nearest: 8"),
    ("num_stages", .null, "num_stages = null must be an integer from 1 to 8"),
    ("swizzle", .string("xro"), #"swizzle = "xro" must be one of "none", "xor", null; write "xor""#),
    ("swizzle", .int(1), #"swizzle = 1 must be one of "none", "xor", null"#),
    ("unroll", .int(5), "unroll = 5 must be one of 1, 2.0, 8; nearest: 2.0 and 8"),
    ("vectorize", .int(1), "vectorize = 1 must be true or false"),
    ("vectorize", .string("True"), #"vectorize = "True" must be true or false; write true"#),
    ("order", .list([.int(0), .int(0), .int(2)]), "order = [0,0,2] must be a list that has each of 0 to 2 once"),
    ("order", .list([.int(0)]), "order takes a list of 3, not of 1"),
    ("order", .int(0), "order takes a list of 3, not 0"),
    (
        "block_sizes", .list([.int(2), .int(12)]),
        "block_sizes[0] = 2 must be 1; nearest: 1; block_sizes[1] = 12 must be a power of two from 8 to 64; nearest: 8 and 16"
    ),
    ("flags", .bool(true), "flags takes a list of 2, not true"),
    ("flags", .list([.bool(true)]), "flags takes a list of 2, not of 1"),
    (
        "flags", .list([.bool(true), .list([.bool(true)])]),
        "flags[1] takes one value, not a list: [true] must be true or false; write true"
    ),
    ("blok_m", .int(64), #"there is no parameter "blok_m"; did you mean "block_m"?"#),
    ("zebra", .int(64), #"there is no parameter "zebra""#),
]

@Test("each way to be wrong is told in words to act on", arguments: refusals)
func refusalsAreTold(refusal: (name: String, value: Value, message: String)) throws {
    #expect(try problems([refusal.name: refusal.value]) == refusal.message)
}

@Test("a violated constraint is told with the values, among them those that were left at the default")
func violatedConstraint() throws {
    #expect(
        try problems(["block_m": .int(256), "num_stages": .int(4)])
            == "violates block_m * num_stages <= 512 (block_m = 256, num_stages = 4)")
}

@Test("all problems are told, constraints on sound parameters among them")
func allProblems() throws {
    let members: [String: Value] = [
        "swizzle": .string("yes"), "num_stages": .int(2), "block_sizes": .list([.int(1), .int(8)]), "warps": .int(4),
        "block_m": .int(3),
    ]
    #expect(
        try problems(members) == """
            block_m = 3 must be a power of two from 16 to 256; nearest: 16; swizzle = "yes" must be one of "none", "xor", \
            null; there is no parameter "warps"; violates num_stages == 1 or block_sizes[1] >= 16 (num_stages = 2, \
            block_sizes = [1,8])
            """)
}

@Test(
    "what is no object is refused",
    arguments: [(Value.list([]), "a list"), (.string("x"), "a string"), (.null, "null")])
func notAnObject(value: Value, kind: String) throws {
    guard case .failure(let error) = try attention().config(from: value) else {
        Issue.record("\(value) was accepted")
        return
    }
    #expect(error.description == "a config is an object of parameter names and values, not \(kind)")
}

@Test("a constraint without a value for the proposal says why")
func failingConstraint() throws {
    let space = try space([("a", .integer(min: 0, max: 4, step: 1))], ["8 % a == 0"], defaults: ["a": .int(2)])
    guard case .failure(let error) = space.config(from: .object(["a": .int(0)])) else {
        Issue.record("accepted")
        return
    }
    #expect(error.description == "8 % a == 0 has no value (a = 0): division by zero")
    #expect(space.violatedConstraints(in: Config(names: ["a"], values: [.int(0)])).first?.error?.offset == 2)
}

@Test("values of any size make messages of bounded length")
func hugeValues() throws {
    let long = Value.string(String(repeating: "x", count: 1_000_000))
    #expect(try problems(["swizzle": long, "block_m": .list(Array(repeating: long, count: 3))]).count < 600)
}
