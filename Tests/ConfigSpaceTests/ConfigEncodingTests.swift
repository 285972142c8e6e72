import ConfigSpace
import Testing

@Suite("Configs as rows of numbers")
struct ConfigEncodingTests {
    private func bins(_ domain: Domain, _ value: Value) throws -> [UInt8] {
        let space = try ConfigSpace(parameters: [Parameter(name: "p", domain: domain)], constraints: [])
        let bins = space.encoding.bins(of: Config(names: ["p"], values: [value]))
        #expect(bins.count == space.encoding.featureCount)
        return bins
    }

    @Test("numbers are encoded by their place, whatever their order in the file")
    func numbers() throws {
        #expect(try bins(.powerOf2(min: 16, max: 256), .int(64)) == [2])
        #expect(try bins(.integer(min: 10, max: 30, step: 5), .int(25)) == [3])
        #expect(try bins(.values([.int(256), .int(16), .double(0.5)]), .int(16)) == [1])
        #expect(try bins(.boolean, .bool(true)) == [1])
    }

    @Test("long domains share bins with their neighbours")
    func long() throws {
        let domain = Domain.integer(min: 0, max: 999, step: 1)
        #expect(try bins(domain, .int(0)) == [0, 7])
        #expect(try bins(domain, .int(999)) == [63, 0])
        #expect(try bins(domain, .int(500)) == [32, 2])
    }

    @Test("texts have no order, so each has a feature of its own; of two, one tells")
    func texts() throws {
        #expect(try bins(.values([.string("a"), .string("b"), .string("c")]), .string("b")) == [0, 1, 0])
        #expect(try bins(.values([.string("a"), .string("b")]), .string("b")) == [1])
    }

    @Test("a permutation is encoded by where each element stands, a list by its elements")
    func lists() throws {
        #expect(try bins(.permutation(length: 3), .list([.int(2), .int(0), .int(1)])) == [1, 2, 0])
        #expect(
            try bins(.list(length: 2, of: .powerOf2(min: 1, max: 8)), .list([.int(8), .int(1)])) == [3, 0])
        #expect(
            try bins(.tuple([.boolean, .integer(min: 1, max: 3, step: 1)]), .list([.bool(true), .int(3)])) == [1, 2])
    }

    @Test("numbers beyond a warp are also told by how often 2 divides them, where they are no powers of two")
    func alignment() throws {
        let multiples = Domain.values([16, 32, 48, 64, 256].map(Value.int))
        #expect(try bins(multiples, .int(48)) == [2, 4])
        #expect(try bins(multiples, .int(256)) == [4, 7])
        #expect(try bins(.integer(min: 32, max: 128, step: 32), .int(96)) == [2, 5])
        #expect(try bins(.values([1, 3, 4].map(Value.int)), .int(3)) == [1])
    }

    @Test("what constraints compute of several parameters is a feature, in the order of its values")
    func quantities() throws {
        let parameters = [
            Parameter(name: "x", domain: .powerOf2(min: 16, max: 128)),
            Parameter(name: "y", domain: .powerOf2(min: 1, max: 8)), Parameter(name: "fast", domain: .boolean),
        ]
        let constraints = try ["x * y <= 256", "not fast or 4 * (x + y) * n < 2048 and y != 8"].map {
            Constraint(try Expression(parsing: $0))
        }
        let space = try ConfigSpace(parameters: parameters, constraints: constraints, constants: ["n": .int(2)])
        func bins(_ x: Int, _ y: Int) -> [UInt8] {
            space.encoding.bins(of: Config(names: ["x", "y", "fast"], values: [.int(x), .int(y), .bool(false)]))
        }
        #expect(space.encoding.featureCount == 5)
        #expect(bins(64, 2)[3] == bins(32, 4)[3])
        #expect(bins(16, 1)[3] == 0 && bins(16, 2)[3] == 1 && bins(128, 2)[3] > bins(128, 1)[3])
        #expect(bins(16, 1)[4] < bins(16, 2)[4] && bins(64, 2)[4] > bins(32, 8)[4])
    }
}
