import ConfigSpace
import Testing

@Test("neighbours change one parameter, one element, or swap two places")
func kindsOfNeighbours() throws {
    let space = try space([
        ("size", .powerOf2(min: 1, max: 4)), ("flag", .boolean), ("list", .list(length: 2, of: .boolean)),
        ("order", .permutation(length: 3)), ("mode", .values([.string("x"), .null])),
    ])
    let changes = space.neighbours(of: space.defaultConfig).map { $0.changes(from: space.defaultConfig).json }
    #expect(
        changes == [
            #"{"size":2}"#, #"{"size":4}"#, #"{"flag":true}"#, #"{"list":[true,false]}"#, #"{"list":[false,true]}"#,
            #"{"order":[1,0,2]}"#, #"{"order":[2,1,0]}"#, #"{"order":[0,2,1]}"#, #"{"mode":null}"#,
        ])
}

@Test("of a long range, neighbours are near and far, not all")
func longRanges() throws {
    let space = try space(
        [("x", .integer(min: 0, max: 1_000_000, step: 10))], [], defaults: ["x": .int(500)])
    let values = space.neighbours(of: space.defaultConfig).compactMap { $0["x"] }
    let below: [Value] = [180, 340, 420, 460, 480, 490].map { .int($0) }
    #expect(Array(values.prefix(6)) == below)
    #expect(values[6] == .int(510))
    #expect(values.last == .int(655_860))
}

@Test("neighbours honour the constraints, also where the config itself does not")
func constrainedNeighbours() throws {
    let space = try space([("a", .powerOf2(min: 1, max: 64)), ("b", .powerOf2(min: 1, max: 64))], ["a * b <= 16"])
    let outside = Config(names: ["a", "b"], values: [.int(64), .int(4)])
    let values: [Value?] = [.int(1), .int(2), .int(4)]
    #expect(space.neighbours(of: outside).map { $0["a"] } == values)
}

@Test("a random neighbour is any of the valid ones, and none where there is none")
func randomNeighbours() throws {
    let space = try space([("a", .powerOf2(min: 1, max: 64)), ("b", .powerOf2(min: 1, max: 64))], ["a * b <= 16"])
    let config = Config(names: ["a", "b"], values: [.int(4), .int(4)])
    var generator = SplitMix64(seed: 1)
    let drawn = (0..<200).compactMap { _ in space.randomNeighbour(of: config, using: &generator) }
    #expect(drawn.count == 200)
    #expect(Set(drawn) == Set(space.neighbours(of: config)))
    let alone = Config(names: ["a", "b"], values: [.int(64), .int(64)])
    #expect(space.randomNeighbour(of: alone, using: &generator) == nil)
}

@Test("adjacent configs are the nearest valid ones on each side of each parameter")
func adjacentConfigs() throws {
    let tile = Parameter(name: "tile", domain: .values([8, 16, 24, 32, 48].map(Value.int)), defaultValue: .int(24))
    let pad = Parameter(name: "pad", domain: .boolean)
    let order = Parameter(name: "order", domain: .permutation(length: 3))
    let mode = Parameter(name: "mode", domain: .values(["a", "b", "c"].map(Value.string)), defaultValue: .string("b"))
    let space = try ConfigSpace(
        parameters: [tile, pad, order, mode], constraints: [Constraint(try Expression(parsing: "tile != 16"))])
    let changes = space.adjacent(to: space.defaultConfig).map { $0.changes(from: space.defaultConfig).json }
    #expect(
        changes == [
            #"{"tile":8}"#, #"{"tile":32}"#, #"{"pad":true}"#, #"{"order":[1,0,2]}"#, #"{"order":[0,2,1]}"#,
            #"{"mode":"a"}"#, #"{"mode":"c"}"#,
        ])
}

@Test("adjacent configs are neighbours, on random spaces")
func adjacentConfigsAreNeighbours() throws {
    for seed in 0..<60 {
        guard let space = try randomSpace(seed: UInt64(7000 + seed)) else { continue }
        for config in bruteForce(space).prefix(5) {
            let adjacent = space.adjacent(to: config)
            try #require(Set(adjacent).count == adjacent.count)
            try #require(Set(space.neighbours(of: config)).isSuperset(of: adjacent), "\(config.json)")
        }
    }
}
