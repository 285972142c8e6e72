import ConfigSpace
import Foundation
import KernelSpec
import LanguageModel
import Measurement
import Search
import Testing

@testable import Guidance

/// The conversation this program grew from (an attention kernel on a B200), through our reading and our prompts.
@Suite struct ReferenceConversationTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/attention")

    static func spec() throws -> KernelSpec {
        try KernelSpec.read(from: folder.appending(path: "kernel.json").path)
    }

    /// Times of the reply's 15 configs in the order of the reply, as the reference's refinement prompt gives the best
    /// twelve. The page does not say what the other three took: here they are slower than its twelfth.
    static let timesMs = [
        0.2, 0.09640, 0.0881, 0.0819, 0.0778, 0.0778, 0.1249, 0.1065, 0.0758, 0.09642, 0.0758, 0.09641, 0.1249, 0.3,
        0.4,
    ]
    /// The page's order of the best twelve, as places in the reply.
    static let order = [8, 10, 4, 5, 3, 2, 1, 11, 9, 7, 6, 12]

    static func history() throws -> History {
        let spec = try spec()
        let space = spec.configSpace
        var history = History(space: space)
        func record(_ config: Config, _ timeMs: Double?, _ origin: Origin) {
            let timing = timeMs.map { Timing(medianMs: $0, lowMs: $0, highMs: $0, samples: 5) }
            history.record(
                Evaluation(
                    config: config, outcome: timing == nil ? .compileError : .measured,
                    reason: timing == nil ? "error" : nil, timing: timing),
                round: 0, origin: origin)
        }
        record(space.defaultConfig, 0.45, .defaultConfig)
        // Eight random seeds, of which seven failed: 24 configs, 17 measured, as the page says.
        var generator = SplitMix64(seed: 1)
        for (index, seed) in space.sample(8, using: &generator).enumerated() {
            record(seed, index == 0 ? 0.5 : nil, .randomSeed)
        }
        let reply = try String(contentsOf: folder.appending(path: "reply-0.txt"), encoding: .utf8)
        let review = ProposalReview(ReplyReader.read(reply), history: history, most: 15)
        for (config, time) in zip(review.configs, timesMs) { record(config, time, .model) }
        return history
    }

    @Test("its space has the reference's fields, and its default is the reference's")
    func space() throws {
        let space = try Self.spec().configSpace
        let lines = space.parameters.map { "\($0.name): \($0.domain.describe(default: $0.defaultValue))" }
        #expect(
            lines[0]
                == "block_sizes: [power_of_2(min=1, max=1, default=1), power_of_2(min=8, max=1024, default=16), power_of_2(min=16, max=1024, default=16)]"
        )
        #expect(lines[1] == "loop_orders: list of 1 x permutation(length=2)")
        #expect(
            lines[3] == "range_unroll_factors: [integer(min=0, max=4, default=0), integer(min=0, max=4, default=0)]")
        #expect(space.defaultConfig["block_sizes"]?.json == "[1,16,16]")
        #expect(space.defaultConfig["loop_orders"]?.json == "[[0,1]]")
        #expect(space.defaultConfig["indexing"]?.json == #"["pointer","pointer","pointer","pointer"]"#)
    }

    @Test("its reply is read as 15 valid configs")
    func reply() throws {
        let reply = try String(contentsOf: Self.folder.appending(path: "reply-0.txt"), encoding: .utf8)
        let review = ProposalReview(
            ReplyReader.read(reply), history: History(space: try Self.spec().configSpace), most: 15)
        #expect(review.configs.count == 15)
        #expect(review.rejections.isEmpty)
    }

    @Test("its results give the reference's best, margin, coverage, anchors and order")
    func refinement() throws {
        let spec = try Self.spec()
        let target = PromptTarget(
            spec: spec, device: DeviceDescription(name: "NVIDIA B200", facts: []), source: nil, configsPerRound: 15,
            rounds: 3, compileLimitSeconds: 15)
        let prompt = try PromptTemplates(language: .cuda).render(
            .refinement, RefinementPrompt(target, history: try Self.history(), round: 1).context)
        let best =
            #"{"block_sizes":[1,64,64],"l2_groupings":[4],"num_sm_multiplier":4,"pid_type":"persistent_blocked"}"#
        let second = #"{"block_sizes":[1,64,64],"maxnreg":128,"num_stages":3,"num_warps":8}"#
        #expect(prompt.contains("Best so far: 0.0758 ms — \(best)\n"))
        #expect(prompt.contains("Margin to the runner-up: 0.0%\n"))
        #expect(prompt.contains("Coverage: 17 measured of 24 evaluated, 7 failed\n"))
        #expect(prompt.contains("Anchor 1 (best): 0.0758 ms — \(best)\nAnchor 2 (+0.0%): 0.0758 ms — \(second)\n"))
        let results = prompt.split(separator: "\n").filter { $0.hasPrefix("#") && !$0.hasPrefix("##") }
        let reply = try String(contentsOf: Self.folder.appending(path: "reply-0.txt"), encoding: .utf8)
        let space = spec.configSpace
        let proposed = ProposalReview(ReplyReader.read(reply), history: History(space: space), most: 15).configs
        let expected = Self.order.enumerated().map { rank, index in
            let time = String(format: "%.4f", Self.timesMs[index])
            return "#\(rank + 1): \(time) ms — \(proposed[index].changes(from: space.defaultConfig).json)"
        }
        #expect(results.map(String.init) == expected)
        #expect(prompt.contains("(5 more, up to 0.5000 ms)"))
    }

    @Test("failures of random seeds steer no advice, and patterns count defaults")
    func seedsDoNotSteer() throws {
        let target = PromptTarget(
            spec: try Self.spec(), device: DeviceDescription(name: "NVIDIA B200", facts: []), source: nil,
            configsPerRound: 15, rounds: 3, compileLimitSeconds: 15)
        let prompt = try PromptTemplates(language: .cuda).render(
            .refinement, RefinementPrompt(target, history: try Self.history(), round: 1).context)
        #expect(!prompt.contains("A third or more of your last proposals failed"))
        #expect(!prompt.contains("## Failures"))
        #expect(prompt.contains("block_sizes: mostly [1,64,64] (also [1,128,64] ×1)\n"))
        #expect(prompt.contains("l2_groupings: [4] ×2, [1] ×2, [8] ×1\n"))
        #expect(prompt.contains("pid_type: mostly \"flat\" (also \"persistent_blocked\" ×1)\n"))
    }
}
