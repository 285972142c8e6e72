import ConfigSpace
import Measurement
import Testing

@testable import Reporting
@testable import Tuning

@Suite struct ResultReportTests {
    private func config(_ tile: Int) -> Config {
        Config(names: ["tile", "pack"], values: [.int(tile), .bool(tile > 16)])
    }

    private func result() -> RunResult {
        let reference = RunResult.Measured(config: config(16), timeMs: 8, intervalMs: [7.9, 8.1])
        let best = RunResult.Measured(config: config(64), timeMs: 2, intervalMs: [1.99, 2.01])
        let seconds = RoundSeconds(model: 4.2, compile: 12.5, verify: 0.25, time: 3, idle: 0.5, wall: 8)
        return RunResult(
            name: "matmul", device: "CPU", strategy: "llm", model: "m", seed: 0, session: "runs/1", stopped: .rounds,
            stoppedReason: nil, evaluations: 17, outcomes: ["measured": 15, "compileError": 2], default: reference,
            best: best, speedup: 4,
            finalists: [
                .init(
                    config: config(64), outcome: .measured, timeMs: 2, intervalMs: [1.99, 2.01], reason: nil, tied: true
                ),
                .init(
                    config: config(32), outcome: .measured, timeMs: 2.01, intervalMs: [1.995, 2.02], reason: nil,
                    tied: true),
                .init(
                    config: config(16), outcome: .measured, timeMs: 8, intervalMs: [7.9, 8.1], reason: nil, tied: false),
            ],
            rounds: [
                RoundSummary(
                    round: 0, proposed: 15, rejected: 1, failed: 2, measured: 12, notRecorded: 0, bestTimeMs: 2.5,
                    seconds: seconds),
                RoundSummary(
                    round: 1, proposed: 3, rejected: 0, failed: 0, measured: 3, notRecorded: 0, bestTimeMs: 2,
                    seconds: seconds),
            ], wallSeconds: 16.4)
    }

    @Test("the result is a table of rounds, the finalists, and the best config ready to paste")
    func table() {
        #expect(
            ResultReport.text(result()) == """
                round  proposed  rejected  failed  measured  best ms   gain  model s  compile s  verify s  time s  idle s  wall s
                    0        15         1       2        12   2.5000  3.20x     4.20       12.5      0.25    3.00    0.50    8.00
                    1         3         0       0         3   2.0000  4.00x     4.20       12.5      0.25    3.00    0.50    8.00

                finalists, re-timed side by side (ms, 95 % interval; = cannot be told from the first):
                1  2.0000  1.9900 - 2.0100  {"pack":true,"tile":64}
                =  2.0100  1.9950 - 2.0200  {"pack":true,"tile":32}
                3  8.0000  7.9000 - 8.1000  the default

                best 2.0000 ms, 4.00x the default's speed (8.0000 ms)
                {"pack":true,"tile":64}

                17 evaluations in 16.4 s; all rounds run
                session runs/1

                """)
    }

    @Test("where nothing was measured the report says so and why")
    func nothing() {
        var result = result()
        result.best = nil
        result.default = nil
        result.finalists = []
        result.rounds = []
        result.stopped = .modelUnavailable
        result.stoppedReason = "http://localhost:1: connection refused"
        #expect(
            ResultReport.text(result) == """
                nothing was measured: http://localhost:1: connection refused

                17 evaluations in 16.4 s; stopped because the model did not answer
                session runs/1

                """)
    }

    @Test("control characters of a compiler or a model do not reach the terminal")
    func control() {
        #expect(Text.line("a\u{1B}[2Jb\nc\u{7F}", width: 40) == "a [2Jb c ")
        #expect(Text.line("abcdef", width: 4) == "abc…")
    }
}
