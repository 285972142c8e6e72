import ConfigSpace
import KernelSpec
import Measurement
import Search
import Testing

@testable import Guidance

/// What the refinement prompt tells of a run.
@Suite struct FeedbackTests {
    static func space() throws -> ConfigSpace {
        try ConfigSpace(
            parameters: [
                Parameter(name: "tile", domain: .powerOf2(min: 8, max: 64), defaultValue: .int(16)),
                Parameter(name: "pack", domain: .boolean),
                Parameter(name: "fixed", domain: .values([.int(1)])),
            ], constraints: [])
    }

    static func spec(_ space: ConfigSpace) -> KernelSpec {
        KernelSpec(
            name: "k", path: "/k/kernel.json",
            kernel: Kernel(language: .c, source: "k.c", sourcePath: "/k/k.c", function: "k"), arguments: [],
            launch: nil,
            configSpace: space,
            verification: Verification(against: .defaultConfig, relativeTolerance: 0, absoluteTolerance: 0),
            workload: nil, warnings: [])
    }

    static func prompt(_ history: History, round: Int, rounds: Int = 3) throws -> String {
        let target = PromptTarget(
            spec: spec(history.space), device: DeviceDescription(name: "CPU", facts: []), source: nil,
            configsPerRound: 15, rounds: rounds, compileLimitSeconds: 15)
        return try PromptTemplates(language: .c).render(
            .refinement, RefinementPrompt(target, history: history, round: round).context)
    }

    static func record(
        _ history: inout History, tile: Int, pack: Bool, _ timeMs: Double?, _ outcome: Outcome = .compileError,
        reason: String? = nil, round: Int = 0, origin: Origin = .model
    ) {
        let config = history.space.defaultConfig.with("tile", .int(tile)).with("pack", .bool(pack))
        let timing = timeMs.map { Timing(medianMs: $0, lowMs: $0 * 0.99, highMs: $0 * 1.01, samples: 9) }
        history.record(
            Evaluation(config: config, outcome: timing == nil ? outcome : .measured, reason: reason, timing: timing),
            round: round, origin: origin)
    }

    @Test("the table says what each value cost, what failed, and what was never tried")
    func tried() throws {
        var history = History(space: try Self.space())
        Self.record(&history, tile: 16, pack: false, 2.0, origin: .defaultConfig)
        Self.record(&history, tile: 32, pack: false, 1.0)
        Self.record(&history, tile: 32, pack: true, nil, .wrongResult, reason: "C[3] is 1, not 2")
        let prompt = try Self.prompt(history, round: 1)
        #expect(prompt.contains("tile: 32 ×1 1.0000, 1 failed; 16 ×1 2.0000; never tried: 8, 64\n"))
        #expect(prompt.contains("pack: false ×2 best 1.0000, median 2.0000; true ×1 all failed\n"))
        #expect(!prompt.contains("fixed:"))
        #expect(
            prompt.contains("Counts: wrongResult=1\n- wrongResult: {\"pack\":true,\"tile\":32}: C[3] is 1, not 2\n"))
        #expect(prompt.contains("The default takes 2.0000 ms: the best is 2.00 times as fast."))
        #expect(prompt.contains("Noise of one timing: about ±1.0%"))
    }

    @Test("rejected proposals are told back with the reason")
    func rejected() throws {
        var history = History(space: try Self.space())
        Self.record(&history, tile: 16, pack: false, 2.0, origin: .defaultConfig)
        history.reject([RejectedProposal(proposal: #"{"tile":48}"#, reason: "tile: 48 is not allowed")], round: 0)
        let prompt = try Self.prompt(history, round: 1)
        #expect(prompt.contains("## Rejected without measuring\n\n- {\"tile\":48}: tile: 48 is not allowed\n"))
        #expect(prompt.contains("Your last 1 proposals: 0 measured, 1 rejected"))
    }

    @Test("what the kernel's language refused is told as a rejected proposal, once, and not as a failure")
    func rejectedByLanguage() throws {
        var history = History(space: try Self.space())
        Self.record(&history, tile: 16, pack: false, 2.0, origin: .defaultConfig)
        Self.record(&history, tile: 32, pack: false, 1.0)
        Self.record(&history, tile: 64, pack: true, nil, .rejected, reason: "Helion: leave pack at false")
        let prompt = try Self.prompt(history, round: 1)
        let line = "- {\"pack\":true,\"tile\":64}: Helion: leave pack at false\n"
        #expect(prompt.contains("## Rejected without measuring\n\n\(line)"))
        #expect(prompt.ranges(of: "leave pack at false").count == 1)
        #expect(prompt.contains("Your last 2 proposals: 1 measured, 1 rejected"))
        #expect(!prompt.contains("Counts:"))
    }

    @Test(
        "the plan follows what happened: refine, explore when stalled, retreat after failures, finish in the last round"
    )
    func plans() throws {
        var history = History(space: try Self.space())
        Self.record(&history, tile: 16, pack: false, 2.0, origin: .defaultConfig)
        Self.record(&history, tile: 32, pack: false, 1.0, round: 0)
        #expect(try Self.prompt(history, round: 1).contains("About half of the configurations"))
        #expect(try Self.prompt(history, round: 1, rounds: 2).contains("This is the last round"))
        Self.record(&history, tile: 64, pack: false, 1.1, round: 1)
        #expect(try Self.prompt(history, round: 2, rounds: 5).contains("The last round brought no real gain"))
        Self.record(&history, tile: 64, pack: true, nil, .compileTimeout, round: 2)
        let retreat = try Self.prompt(history, round: 3, rounds: 5)
        #expect(retreat.contains("A third or more of your last proposals failed"))
        #expect(retreat.contains("Compiling took too long for some"))
        #expect(!retreat.contains("no real gain"))
    }

    @Test("the default is taken from the start, measured or not")
    func defaultProposed() throws {
        let history = History(space: try Self.space())
        let review = ProposalReview(ReplyReader.read(#"[{"tile":16},{"tile":32}]"#), history: history, most: 15)
        #expect(review.configs.count == 1)
        #expect(review.rejections.map(\.reason) == ["duplicate of the default config, which is always measured"])
    }

    @Test("duplicates and strangers are rejected, naming what they repeat")
    func review() throws {
        var history = History(space: try Self.space())
        Self.record(&history, tile: 16, pack: false, 2.0, origin: .defaultConfig)
        Self.record(&history, tile: 32, pack: false, 1.0)
        let reply = #"{"configs":[{},{"tile":32},{"tile":64},{"tile":64.0},{"tile":"8"},{"tile":8},{"pack":true}]}"#
        let review = ProposalReview(ReplyReader.read(reply), history: history, most: 2)
        #expect(
            review.configs.map { $0.changes(from: history.space.defaultConfig).json } == [
                #"{"tile":64}"#, #"{"tile":8}"#,
            ])
        let reasons = review.rejections.map(\.reason)
        #expect(reasons[0] == "duplicate of the default config (measured 2.0000 ms)")
        #expect(reasons[1] == "duplicate of a config of round 0 (measured 1.0000 ms)")
        #expect(reasons[2] == "duplicate of config 3 of the same reply")
        #expect(reasons[3].contains("tile"))
        #expect(reasons[4] == "more than the 2 configs asked for")
    }
}
