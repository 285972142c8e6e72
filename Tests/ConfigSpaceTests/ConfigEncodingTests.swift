import ConfigSpace
import Testing

@Suite("Configs as rows of numbers")
struct ConfigEncodingTests {
    private func bins(_ domain: Domain, _ value: Value) throws -> [UInt8] {
        let space = try ConfigSpace(parameters: [Parameter(name: "p", domain: domain)], constraints: [])
        let bins = ConfigEncoding(space).bins(of: Config(names: ["p"], values: [value]))
        #expect(bins.count == ConfigEncoding(space).featureCount)
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
        #expect(try bins(domain, .int(0)) == [0])
        #expect(try bins(domain, .int(999)) == [63])
        #expect(try bins(domain, .int(500)) == [32])
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
}
