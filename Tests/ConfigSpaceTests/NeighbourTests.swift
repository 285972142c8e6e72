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
