import ConfigSpace
import Foundation
import Testing

@testable import Guidance

@Suite struct ReplyStreamTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every reply of a model that the repository keeps.
    static func recordedReplies() throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "Examples").path)
        return try names.filter { $0.contains("replies/") && $0.hasSuffix(".txt") }.sorted().map {
            try String(contentsOf: root.appending(path: "Examples/\($0)"), encoding: .utf8)
        }
    }

    /// The configs handed out by the time each piece has arrived, and the ending.
    static func read(_ pieces: [String]) -> (counts: [Int], items: [ReadReply.Item], ending: ReplyStream.Ending) {
        var stream = ReplyStream()
        var items: [ReadReply.Item] = []
        var counts: [Int] = []
        for piece in pieces {
            items += stream.receive(piece)
            counts.append(items.count)
        }
        return (counts, items, stream.end())
    }

    static func split(_ text: String, using generator: inout SplitMix64) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var pieces: [String] = []
        var place = 0
        while place < scalars.count {
            let end = min(scalars.count, place + Int.random(in: 1...12, using: &generator))
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: scalars[place..<end])
            pieces.append(String(piece))
            place = end
        }
        return pieces
    }

    @Test("a recorded reply, however it is cut into pieces, gives the configs of the whole before it ends")
    func recorded() throws {
        let replies = try Self.recordedReplies()
        #expect(replies.count >= 30)
        var generator = SplitMix64(seed: 5)
        for reply in replies {
            let whole = ReplyReader.read(reply)
            for _ in 0..<10 {
                let read = Self.read(Self.split(reply, using: &generator))
                #expect(read.items == whole.items)
                #expect(read.ending == ReplyStream.Ending(reply: whole, rest: []))
            }
        }
    }

    @Test("each config is there with the first byte behind it")
    func promptness() throws {
        for reply in try Self.recordedReplies() {
            let read = Self.read(reply.unicodeScalars.map { String($0) })
            var depth = 0
            var closed = 0
            // These replies are minified and have no brackets in strings.
            for (place, byte) in reply.utf8.enumerated() {
                #expect(read.counts[place] >= closed)
                if byte == UInt8(ascii: "{") { depth += 1 }
                if byte == UInt8(ascii: "}") {
                    depth -= 1
                    if depth == 1 { closed += 1 }
                }
            }
            #expect(closed == read.items.count)
        }
    }

    @Test(
        "configs come early from the form that was asked for, whatever surrounds it",
        arguments: [
            #"{"configs":[{"tile":1},{"tile":2},{"tile":3}]}"#,
            "Tiles first. {See above.}\n\n```json\n{\n  \"configs\": [\n    {\"tile\": 1},\n    {\"tile\": 2},\n    {\"tile\": 3},\n  ]\n}\n```",
            "<think>\n{\"configs\":[{\"tile\":9}]}\n</think>\n{'configs': [{'tile': 1}, {'tile': 2}, {'tile': 3}]}",
            #"{"thoughts":"[1] {2}","configs":[{"config":{"tile":1}} {"tile":2} {"tile":3}] }"#,
            "// tiles\n{configs: [{tile: 1}, # one\n {tile: 2}, /* ] */ {tile: 3}]}",
        ])
    func early(reply: String) throws {
        let expected = (1...3).map { ReadReply.Item.proposal(.object(["tile": .int($0)])) }
        let read = Self.read(reply.unicodeScalars.map { String($0) })
        #expect(read.items == expected)
        #expect(read.ending == ReplyStream.Ending(reply: ReadReply(items: expected, isCutOff: false), rest: []))
        let place = try #require(read.counts.firstIndex(of: 1))
        #expect(reply.unicodeScalars.dropFirst(place + 1).contains("3"))
    }

    @Test(
        "what may be a draft or an example waits for the end",
        arguments: [
            #"In the form {"configs":[{"tile":9}]} I propose [{"tile":1},{"tile":2}]"#,
            #"[{"tile":1},{"tile":2}]"#, "{\"tile\":1}\n{\"tile\":2}",
            "{\"tile\":9}\n[{\"tile\":9}]\nso {\"configs\":[{\"tile\":1},{\"tile\":2}]}",
            "<think>\n{\"configs\":[{\"tile\":9},{\"tile\":8}]}", "{\"configs\":[…]}\n[1, 2]\n[{\"tile\":1}]",
        ])
    func waiting(reply: String) {
        let read = Self.read(reply.unicodeScalars.map { String($0) })
        #expect(read.items.isEmpty)
        #expect(read.ending.rest == ReplyReader.read(reply).items)
        #expect(read.ending.rest?.isEmpty == false)
    }

    @Test("of a second list the end says that the first was a draft")
    func draft() {
        let read = Self.read(["{\"configs\":[{\"tile\":1},{\"tile\":2}]}\nNo:\n", "{\"configs\":[{\"tile\":2}]}"])
        #expect(read.items.count == 2)
        #expect(read.ending.rest == nil)
        #expect(read.ending.reply.items == [.proposal(.object(["tile": .int(2)]))])
    }

    @Test("20,000 mutated replies give, in pieces, nothing that the whole does not end with")
    func mutated() {
        var generator = SplitMix64(seed: 13)
        for index in 0..<20_000 {
            var bytes = Array(Self.fuzzSeeds[index % Self.fuzzSeeds.count].utf8)
            for _ in 0..<Int.random(in: 0...5, using: &generator) { ReplyFuzzTests.mutate(&bytes, &generator) }
            let reply = String(decoding: bytes, as: UTF8.self)
            let read = Self.read(Self.split(reply, using: &generator))
            let whole = ReplyReader.read(reply)
            #expect(read.ending.reply == whole)
            guard let rest = read.ending.rest else {
                // Only a second list, or what makes the first one none, takes configs back.
                #expect(reply.contains("configs"))
                continue
            }
            #expect(read.items + rest == whole.items, "\(reply)")
        }
    }

    static let fuzzSeeds = ReplyFuzzTests.seeds + ReplyFuzzTests.seeds.map { "1) so\n\($0)\n" }

    @Test(
        "a megabyte of the worst there is, in small pieces, takes linear time",
        arguments: [
            "[", "{", "{\"configs\":[{", "[{", "(", "'", "{\"configs\":[", "/*", "{\"configs\":[[]", "}", "{\"a\":{}",
            "\n{", "{\"configs\":[{\"a\":[1],", "{\"configs\":[{}\n", "<think>{}", "\n{}", "[]a", "<think>\n{}",
        ])
    func hostile(unit: String) {
        let piece = String(repeating: unit, count: max(1, 60 / unit.utf8.count))
        var stream = ReplyStream()
        for _ in 0..<(1_000_000 / piece.utf8.count) { _ = stream.receive(piece) }
        #expect(stream.end().reply.items.count <= ReplyReader.mostItems)
    }
}
