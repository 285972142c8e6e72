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
        let table = try #require(space.table())
        try #require(Array(table) == expected, "\(texts)")
        try #require(expected.map { table.place(of: $0) } == Array(expected.indices), "\(texts)")
        let valid = Set(expected)
        var generator = SplitMix64(seed: 1)
        let sample = space.sample(expected.count + 1, using: &generator)
        try #require(sample.count == expected.count && Set(sample) == valid, "\(texts)")
        let all = product(space.parameters.map { allValues(of: $0.domain) })
        for values in all.prefix(200) {
            let config = Config(names: space.parameters.map(\.name), values: values)
            try #require(space.isValid(config) == valid.contains(config), "\(texts) \(config.json)")
            try #require((table.place(of: config) != nil) == valid.contains(config), "\(texts) \(config.json)")
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

@Test("partial results that lead nowhere are not tried again")
func repeatedDeadEnds() throws {
    let digits = (0..<12).map { ("p\($0)", Domain.integer(min: 0, max: 9, step: 1)) }
    let sum = digits.map(\.0).joined(separator: " + ")
    let space = try space(digits, ["\(sum) <= 1"])
    #expect(Array(space.allConfigs()).count == 13)
    #expect(space.count().exact == 13)
}

@Test("a space without parameters has one config")
func emptySpace() throws {
    let space = try space([])
    #expect(Array(space.allConfigs()) == [Config(names: [], values: [])])
    #expect(space.count().description == "1")
}

@Test("a space is listed up to the number that is asked for, and where 64 bits can number its combinations")
func listedSpaces() throws {
    let digits = (0..<3).map { ("p\($0)", Domain.integer(min: 0, max: 9, step: 1)) }
    let small = try space(digits, ["p0 <= p1"])
    #expect(small.table(most: 549) == nil)
    #expect(small.table(most: 550)?.count == 550)
    let wide = (0..<20).map { ("p\($0)", Domain.integer(min: 0, max: 9, step: 1)) }
    let few = try space(wide, wide.map { "\($0.0) == 0" })
    #expect(few.count().exact == 1 && few.table() == nil)
    #expect(try space([]).table().map(Array.init) == [Config(names: [], values: [])])
}
