import ConfigSpace
import Search
import Testing

@testable import Guidance

@Suite struct ReplyFuzzTests {
    static let seeds = [
        #"{"configs":[{"block_sizes":[1,64,64],"num_warps":8,"pid_type":"flat"},{"maxnreg":null,"x":true}]}"#,
        "```json\n{'configs': [{'a': (1, 2), 'b': None}, # c\n {'a': \"\\u00e9\\n\"}]}\n``` and [prose] {here}",
        #"[{"a":1.5e3},{"b":[[0,1],[1,0]]},{"c":-7}]"#,
    ]
    static let alphabet = Array(#"{}[](),:"'\/*#-+.0123456789eEntfTFNabu_ "#.utf8) + [0, 10, 127, 195, 169, 240, 255]

    @Test("60,000 mutated replies neither crash nor stall the reader, and what is read can be reviewed")
    func mutated() throws {
        var generator = SplitMix64(seed: 7)
        let space = try ConfigSpace(
            parameters: [
                Parameter(name: "a", domain: .list(length: 2, of: .integer(min: 0, max: 9, step: 1))),
                Parameter(name: "num_warps", domain: .powerOf2(min: 1, max: 32)),
            ], constraints: [])
        let history = History(space: space)
        for index in 0..<60_000 {
            var bytes = Array(Self.seeds[index % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...8, using: &generator) { Self.mutate(&bytes, &generator) }
            let read = ReplyReader.read(String(decoding: bytes, as: UTF8.self))
            let review = ProposalReview(read, history: history, most: 15)
            #expect(review.configs.count + review.rejections.count == read.items.count)
        }
    }

    @Test("60,000 random texts neither crash nor stall the reader")
    func random() {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<60_000 {
            let length = Int.random(in: 0...60, using: &generator)
            let bytes = (0..<length).map { _ in Self.alphabet.randomElement(using: &generator) ?? 32 }
            _ = ReplyReader.read(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test(
        "a megabyte of the worst there is takes linear time",
        arguments: [
            "[", "{", "{\"a\":", "[{", "(", "\"", "'", "{\"configs\":[", "/*", "[]", "{},", "[1,", "\\", "{'a':(", "}{",
            "-",
        ])
    func hostile(unit: String) {
        let reply = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        #expect(ReplyReader.read(reply).items.count <= ReplyReader.mostItems)
    }

    static func mutate(_ bytes: inout [UInt8], _ generator: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = alphabet.randomElement(using: &generator) ?? 32
        case 2: bytes.insert(alphabet.randomElement(using: &generator) ?? 32, at: place)
        case 3: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 12)], at: place)
        }
    }
}
