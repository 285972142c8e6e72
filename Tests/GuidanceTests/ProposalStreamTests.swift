import ConfigSpace
import KernelSpec
import Measurement
import Search
import Testing

@testable import Guidance

@Suite struct ProposalStreamTests {
    static func history() throws -> History {
        let space = try ConfigSpace(
            parameters: [
                Parameter(name: "tile", domain: .powerOf2(min: 1, max: 256), defaultValue: .int(16)),
                Parameter(name: "fast", domain: .boolean),
            ], constraints: [])
        var history = History(space: space)
        for tile in [16, 32] {
            let config = space.defaultConfig.with("tile", .int(tile))
            let timing = Timing(medianMs: 1, lowMs: 1, highMs: 1, samples: 5)
            history.record(
                Evaluation(config: config, outcome: .measured, timing: timing), round: 0, origin: .model)
        }
        return history
    }

    static func tiles(_ configs: [Config]) -> [Value?] { configs.map { $0["tile"] } }

    @Test("in pieces, a reply brings the configs and the rejections that it brings as a whole")
    func pieces() throws {
        let history = try Self.history()
        let reply =
            #"{"configs":[{"tile":64},{"tile":48},{"tile":16},{"tile":64},{"a" 1},{"tile":32},{"tile":8,"fast":true},"#
            + #"{"tile":4},{"tile":2}]}"#
        let whole = ProposalReview(ReplyReader.read(reply), history: history, most: 3)
        #expect(Self.tiles(whole.configs) == [.int(64), .int(8), .int(4)])
        #expect(whole.rejections.count == 6)
        var generator = SplitMix64(seed: 3)
        for _ in 0..<50 {
            var stream = ProposalStream(history: history, most: 3)
            var configs: [Config] = []
            for piece in ReplyStreamTests.split(reply, using: &generator) { configs += stream.receive(piece) }
            #expect(configs == whole.configs)
            #expect(stream.end().configs.isEmpty)
            #expect(stream.review.configs == whole.configs)
            #expect(stream.review.rejections == whole.rejections)
        }
    }

    @Test("the recorded replies of every example bring the same in pieces")
    func recorded() throws {
        let spec = try ReferenceConversationTests.spec()
        let history = History(space: spec.configSpace)
        var generator = SplitMix64(seed: 4)
        // Most are for other spaces: their rejections have to be the same too.
        for reply in try ReplyStreamTests.recordedReplies() {
            let whole = ProposalReview(ReplyReader.read(reply), history: history, most: 10)
            var stream = ProposalStream(history: history, most: 10)
            for piece in ReplyStreamTests.split(reply, using: &generator) { _ = stream.receive(piece) }
            _ = stream.end()
            #expect(stream.review.configs == whole.configs)
            #expect(stream.review.rejections == whole.rejections)
        }
    }

    @Test("a draft costs its own configs; its repeats in the final list are no mistake, its mistakes are forgotten")
    func draft() throws {
        var stream = ProposalStream(history: try Self.history(), most: 4)
        let early = stream.receive("{\"configs\":[{\"tile\":64},{\"tile\":3}]}\nBetter:\n")
        #expect(Self.tiles(early) == [.int(64)])
        #expect(stream.receive("{\"configs\":[{\"tile\":128},{\"tile\":64},{\"tile\":5}]}").isEmpty)
        let (configs, reply) = stream.end()
        #expect(Self.tiles(configs) == [.int(128)])
        #expect(reply.items.count == 3)
        #expect(stream.review.rejections.map(\.proposal) == [#"{"tile":5}"#])
    }

    @Test("a reply that breaks off and comes again brings each config once, and never more than were asked for")
    func broken() throws {
        var stream = ProposalStream(history: try Self.history(), most: 3)
        #expect(Self.tiles(stream.receive(#"{"configs":[{"tile":64},{"tile":8},{"ti"#)) == [.int(64), .int(8)])
        stream.startAnew()
        let again = stream.receive(#"{"configs":[{"tile":8},{"tile":4},{"tile":2},{"tile":4}]}"#)
        #expect(Self.tiles(again + stream.end().configs) == [.int(4)])
        #expect(
            stream.review.rejections.map(\.reason) == [
                "more than the 3 configs asked for", "duplicate of config 2 of the same reply",
            ])
    }
}
