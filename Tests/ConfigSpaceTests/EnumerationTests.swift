import ConfigSpace
import Testing

@Test("enumeration, counting and validity agree with trying every config, on random spaces", arguments: 0..<8)
func agreementWithBruteForce(part: Int) throws {
    var spaces = 0
    for seed in 0..<40 {
        guard let space = try randomSpace(seed: UInt64(part * 1000 + seed)) else { continue }
        let expected = bruteForce(space)
        let texts = space.constraints.map(\.text)
        try #require(Array(space.allConfigs()) == expected, "\(texts)")
        try #require(space.count().exact == UInt128(expected.count), "\(texts)")
        let valid = Set(expected)
        let all = product(space.parameters.map { allValues(of: $0.domain) })
        for values in all.prefix(200) {
            let config = Config(names: space.parameters.map(\.name), values: values)
            try #require(space.isValid(config) == valid.contains(config), "\(texts) \(config.json)")
        }
        spaces += 1
    }
    #expect(spaces > 20)
}

@Test("neighbours are the valid configs one change away, on random spaces")
func neighboursAgree() throws {
    for seed in 0..<60 {
        guard let space = try randomSpace(seed: UInt64(5000 + seed)) else { continue }
        let valid = bruteForce(space)
        for config in valid.prefix(5) {
            let near = space.neighbours(of: config)
            try #require(Set(near).count == near.count && near.allSatisfy(valid.contains))
            // Whatever differs in one scalar parameter has to be there.
            let expected = valid.filter { other in
                let changes = other.changes(from: config)
                guard changes.names.count == 1, case .list = changes.values[0] else { return changes.names.count == 1 }
                return false
            }
            try #require(Set(near).isSuperset(of: expected), "\(space.constraints.map(\.text)) \(config.json)")
        }
    }
}

@Test("the first configs of a space of 10^20 come at once, in order")
func lazyEnumeration() throws {
    let names = (0..<20).map { "p\($0)" }
    let domain = Domain.integer(min: 0, max: 9, step: 1)
    let space = try spaceWithValidDefault(names.map { ($0, domain) }, ["p0 == p19", "p0 + p18 > 3"])
    let first = try #require(space).allConfigs().prefix(3).map { $0["p18"]?.json }
    #expect(first == ["4", "5", "6"])
}

@Test("a constraint between the first and the last parameter is not searched for between them")
func deadEnds() throws {
    var parameters = (0..<20).map { ("p\($0)", Domain.integer(min: 0, max: 9, step: 1)) }
    parameters.append(("last", .values([.int(7)])))
    parameters.append(("z", .integer(min: 7, max: 9, step: 1)))
    let space = try spaceWithValidDefault(parameters, ["p0 >= z", "p1 * p2 == last * z"])
    let first = try #require(space?.allConfigs().first { _ in true })
    #expect(first["p0"] == .int(7) && first["p1"] == .int(7) && first["p2"] == .int(7))
}

@Test("a space without parameters has one config")
func emptySpace() throws {
    let space = try space([])
    #expect(Array(space.allConfigs()) == [Config(names: [], values: [])])
    #expect(space.count().description == "1")
}
