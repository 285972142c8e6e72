import Testing

@testable import KernelSpec

struct MutationTests {
    /// What takes a number's, a string's or a list's place; the numbers are those that arithmetic trips over.
    private static let intruders = [
        "0", "-1", "1.5", "9223372036854775807", "-9223372036854775808", "1e308", "1099511627776", "\"\"", "\"K\"",
        "\"1 // 0\"", "\"2 ** 62 * 4\"", "null", "true", "[]", "{}", "[1, [2]]", "\"block_m[9]\"", "64", "1024",
    ]

    @Test("no value in the wrong place crashes the reader of kernel.json, and each error has a place")
    func kernelFile() throws {
        try mutate(Sample.cuda, times: 3000, seed: 5) { root, place in try KernelFileReader(place: place).read(root) }
    }

    @Test("no value in the wrong place crashes the reader of T1 files, and each error has a place")
    func t1() throws {
        try mutate(T1Tests.odd, times: 2000, seed: 6) { root, place in try T1Reader(place: place).read(root) }
    }

    private func mutate(
        _ sample: String, times: Int, seed: UInt64, _ read: (JSONNode, SpecPlace) throws -> KernelSpec
    ) throws {
        let bytes = Array(sample.utf8)
        let tokens = Self.tokens(of: try JSONDocument.parse(bytes, file: "kernel.json"))
        var generator = Lehmer(state: seed)
        try SpecFolder.with { folder in
            let place = SpecPlace(path: folder.path + "/kernel.json")
            var placeless = 0
            for _ in 0..<times {
                let token = tokens[generator.next(below: tokens.count)]
                let intruder = Self.intruders[generator.next(below: Self.intruders.count)]
                var mutant = bytes
                mutant.replaceSubrange(token, with: intruder.utf8)
                guard let document = try? JSONDocument.parse(mutant, file: "kernel.json") else { continue }
                do {
                    _ = try read(document.root, place)
                } catch let error as SpecError {
                    if error.line == nil { placeless += 1 }
                }
            }
            #expect(placeless == 0)
        }
    }

    /// The places of all values that are no objects or arrays.
    private static func tokens(of document: JSONDocument) -> [Range<Int>] {
        document.entries.filter { !$0.kind.isContainer }.map { Int($0.start)..<Int($0.end) }
    }
}
