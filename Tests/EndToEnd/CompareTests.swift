import Foundation
import Testing

/// Comparisons over the small recording: 1 ms at (7, 3), 1.26 ms for the default.
@Suite struct CompareTests {
    private let folder: Folder
    private static let kernel = ["kernel.json", "--recorded", "recording.json"]

    init() throws {
        folder = try Folder()
        try RecordedRunTests.write(to: folder)
        let replies = [
            #"[{"tileX":1,"TILE_Y":1},{"tileX":5},{"tileX":0}]"#, #"[{"tileX":7,"TILE_Y":3}]"#, #"[{"tileX":4}]"#,
        ]
        for (round, reply) in replies.enumerated() { try folder.write(reply, to: "replies/round-\(round).txt") }
    }

    private func compare(_ arguments: [String]) async throws -> Program.Run {
        try await Program.run(["compare"] + Self.kernel + arguments, in: folder)
    }

    private func tune(_ arguments: [String]) async throws {
        let run = try await Program.run(Self.kernel + arguments, in: folder)
        try #require(run.exitCode == 0, "\(run.errors)")
    }

    private let replayed = ["--strategy", "llm", "--provider", "replay", "--model", "replies", "--session", "run"]

    private func rows(_ comparison: [String: Any]) throws -> [[String: Any]] {
        try #require(comparison["rows"] as? [[String: Any]])
    }

    private func speeds(_ rows: [[String: Any]]) -> [Double?] {
        rows.map { ($0["speed"] as? Double).map { ($0 * 1e6).rounded() / 1e6 } }
    }

    private func checkSchema(_ file: String = "run/compare.json") async throws {
        let schema = ExampleTests.root.appending(path: "Docs/compare.schema.json").path
        #expect(try await Python.schemaErrors(of: "\(folder.path)/\(file)", by: schema) ?? [] == [])
    }

    /// The seconds of a session's rounds, without waiting for the model.
    private func searchSeconds(_ session: String) throws -> [Double] {
        let rounds = try #require(try folder.json("\(session)/result.json")["rounds"] as? [[String: Any]])
        return rounds.compactMap { $0["seconds"] as? [String: Double] }.map { ($0["wall"] ?? 0) - ($0["model"] ?? 0) }
    }

    @Test("the default, each round's best and the baseline are side by side, with speeds by the recorded times")
    func againstASearch() async throws {
        let run = try await compare(["--baseline", "exhaustive"] + replayed)
        #expect(run.exitCode == 0, "\(run.errors)")
        let comparison = try folder.json("run/compare.json")
        let rows = try rows(comparison)
        #expect(rows.map { $0["name"] as? String } == ["default", "L1", "L2", "L3", "exhaustive"])
        #expect(rows.map { $0["time_ms"] as? Double } == [1.26, 1.05, 1, 1, 1])
        #expect(speeds(rows) == [0.793651, 0.952381, 1, 1, 1])
        #expect(rows.map { $0["evaluations"] as? Int } == [nil, 2, 3, 4, 90])
        // One does not compile, one lies outside the space.
        #expect(rows.map { $0["failed"] as? Int } == [nil, 2, 2, 2, nil])
        #expect(rows[1]["config"] as? [String: Int] == ["tileX": 5, "TILE_Y": 2])
        #expect(rows[4]["config"] as? [String: Int] == ["tileX": 7, "TILE_Y": 3])
        #expect(rows[4]["share_of_seconds"] as? Double == 1)
        #expect(comparison["name"] as? String == "recorded" && comparison["model"] as? String != nil)
        #expect(folder.exists("run/result.json") && folder.exists("run/baseline/result.json"))
        try await checkSchema()

        let table = run.outputLines.prefix(6).map { $0.split(separator: " ").prefix(3).map(String.init) }
        #expect(
            table == [
                ["ms", "speed", "seconds"], ["default", "1.2600", "0.79x"], ["L1", "1.0500", "0.95x"],
                ["L2", "1.0000", "1.00x"], ["L3", "1.0000", "1.00x"], ["exhaustive", "1.0000", "1.00x"],
            ])
        #expect(run.output.contains("\n" + #"exhaustive: {"TILE_Y":3,"tileX":7}"# + "\n"))
        #expect(run.output.hasSuffix("\nsession run\n"))
        let markdown = try folder.read("run/compare.md")
        #expect(markdown.hasPrefix("# recorded on recording.json\n\n|  | ms | speed | seconds |"))
        #expect(markdown.contains("\n| default | 1.2600 | 0.79x | - |"))
        #expect(markdown.contains("\n- L1: `" + #"{"TILE_Y":2,"tileX":5}"# + "`\n"))
    }

    @Test("a baseline may cost what it is told, and one that comes to the default is a row of its own")
    func budget() async throws {
        let run = try await compare(
            [
                "--baseline", "random", "--baseline-budget", "1", "--strategy", "local", "--rounds", "1", "--session",
                "run",
            ])
        #expect(run.exitCode == 0, "\(run.errors)")
        let rows = try rows(try folder.json("run/compare.json"))
        #expect(rows.map { $0["name"] as? String } == ["default", "L1", "random"])
        #expect(rows[0]["config"] as? [String: Int] == rows[2]["config"] as? [String: Int])
        #expect(rows[0]["speed"] as? Double == 1 && rows[2]["speed"] as? Double == 1)
        #expect(try folder.json("run/baseline/result.json")["evaluations"] as? Int == 1)
        try await checkSchema()
    }

    @Test("--json prints compare.json and nothing else")
    func json() async throws {
        let run = try await compare(["--baseline", "lfbo", "--json", "--quiet"] + replayed)
        #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(run.output == (try folder.read("run/compare.json")))
    }

    @Test("an earlier session's folder and its result.json are the same baseline, and nothing is searched for it again")
    func earlier() async throws {
        try await tune(["--strategy", "exhaustive", "--session", "before"])
        for baseline in ["before", "before/result.json"] {
            let run = try await compare(["--baseline", baseline] + replayed)
            #expect(run.exitCode == 0, "\(run.errors)")
            let rows = try rows(try folder.json("run/compare.json"))
            #expect(rows.map { $0["name"] as? String } == ["default", "L1", "L2", "L3", "exhaustive"])
            #expect(speeds(rows) == [0.793651, 0.952381, 1, 1, 1])
            #expect(rows.last?["evaluations"] as? Int == 90)
            #expect(!folder.exists("run/baseline"))
            try await checkSchema()
            try FileManager.default.removeItem(atPath: folder.path + "/run")
        }
    }

    @Test("waiting for the model counts on neither side")
    func waiting() async throws {
        try folder.write(#"print('[{"tileX":5}]')"#, to: "model.py")
        let asked = ["--strategy", "llm", "--provider", "command", "--model", "python3 model.py", "--rounds", "2"]
        try await tune(asked + ["--session", "before"])
        let run = try await compare(["--baseline", "before", "--session", "run"] + asked)
        #expect(run.exitCode == 0, "\(run.errors)")
        let rows = try rows(try folder.json("run/compare.json"))
        func isNear(_ value: Any?, _ expected: Double) -> Bool { abs((value as? Double ?? -1) - expected) < 1e-9 }
        let seconds = try searchSeconds("run")
        #expect(isNear(rows[1]["seconds"], seconds[0]) && isNear(rows[2]["seconds"], seconds[0] + seconds[1]))
        #expect(isNear(rows[3]["seconds"], try searchSeconds("before").reduce(0, +)))
        #expect(rows[3]["name"] as? String == "llm")
    }

    @Test("a baseline that the recording does not hold is a row without a time, and nothing has a speed")
    func notRecorded() async throws {
        try folder.write(
            #"{"strategy": "by hand\u001b[2J", "best": {"config": {"tileX": 10, "TILE_Y": 1}}, "wall_seconds": 2}"#,
            to: "mine.json")
        let run = try await compare(["--baseline", "mine.json"] + replayed)
        #expect(run.exitCode == 0, "\(run.errors)")
        let rows = try rows(try folder.json("run/compare.json"))
        #expect(rows.last?["outcome"] as? String == "notRecorded" && rows.last?["time_ms"] == nil)
        #expect(rows.allSatisfy { $0["speed"] == nil } && rows[1]["time_ms"] as? Double == 1.05)
        #expect(run.output.contains("notRecorded") && !run.output.contains("\u{1B}"))
        try await checkSchema()
    }

    @Test(
        "what cannot be a baseline is wrong usage, says what can, and leaves no session",
        arguments: [
            (
                ["--baseline", "nowhere"],
                "--baseline nowhere is neither a search (helion, llm, hybrid, bayes, lfbo, local"
            ),
            (["--baseline", "empty"], "empty/result.json holds no result with a best config of this kernel's space"),
            (["--baseline", "other.json"], "other.json holds no result with a best config of this kernel's space"),
            (["--baseline", "kernel.json"], "kernel.json holds no result"),
            (["--baseline", "lfbo", "--repeats", "0"], "--repeats must be between 1 and 1000"),
            (["--baseline", "lfbo", "--json", "--markdown"], "choose one"),
            (
                ["--baseline", "llm", "--record", "kept"],
                "--record keeps the replies to one search, and 2 ask the model"
            ),
            (["--baseline", "lfbo", "--plot", "nowhere/c.svg"], "--plot nowhere/c.svg: there is no folder"),
            (["--baseline", "lfbo", "--plot", "c.svg", "--plot-over", "configs"], "--plot-over"),
            (["--baseline", "helion", "--baseline-budget", "100"], "--baseline helion ends by time alone"),
            (["--baseline", "empty", "--baseline-budget", "100"], "no --baseline-budget"),
            ([], "--baseline"),
        ])
    func wrongUsage(arguments: [String], message: String) async throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/empty", withIntermediateDirectories: true)
        try folder.write(
            #"{"strategy": "random", "best": {"config": {"tile": 10}}, "wall_seconds": 2}"#, to: "other.json")
        let run = try await compare(arguments + replayed)
        #expect(run.exitCode == 64 && run.output.isEmpty)
        #expect(run.errors.contains(message), "\(run.errors)")
        #expect(!folder.exists("run"))
    }

    @Test("Helion's autotuner needs a Helion kernel, and one that is measured")
    func helion() async throws {
        let recorded = try await compare(["--baseline", "helion"] + replayed)
        let measured = try await Program.run(["compare", "kernel.json", "--baseline", "helion"] + replayed, in: folder)
        let other = try Folder()
        try PythonStub.writeKernel(to: other)
        let recordedHelion = try await Program.run(
            ["compare", "kernel.json", "--recorded", "r.json", "--baseline", "helion", "--strategy", "random"],
            in: other)
        for run in [recorded, measured, recordedHelion] {
            #expect(run.exitCode == 69)
            #expect(run.errors.contains("--baseline helion needs a Helion kernel that is measured"), "\(run.errors)")
        }
        #expect(!folder.exists("run") && !other.exists(".autotune"))
    }

    @Test("a search that measures nothing is told, with the exit code of tune")
    func nothing() async throws {
        try folder.write(
            #"{"metadata":{},"results":[{"configuration":{"tileX":2,"TILE_Y":2},"invalidity":"compile","measurements":[]}]}"#,
            to: "recording.json")
        let run = try await compare([
            "--baseline", "random", "--baseline-budget", "5", "--session", "run", "--strategy", "local",
        ])
        #expect(run.exitCode == 65 && run.output.isEmpty)
        #expect(run.errors.contains("nothing was measured"), "\(run.errors)")
    }

    @Test("Ctrl-C ends it at once with what was searched on disk, and no comparison of half a search")
    func interrupted() async throws {
        try folder.write(
            """
            import os, signal
            os.kill(os.getppid(), signal.SIGINT)
            while True: signal.pause()
            """, to: "model.py")
        let run = try await compare(
            ["--baseline", "exhaustive", "--provider", "command", "--model", "python3 model.py", "--session", "run"])
        #expect(run.exitCode == 130 && run.output.isEmpty, "\(run.errors)")
        #expect(try folder.json("run/result.json")["stopped"] as? String == "interrupted")
        #expect(try folder.json("run/baseline/result.json")["evaluations"] as? Int == 90)
        #expect(!folder.exists("run/compare.json"))
    }

    @Test("a model that cannot be asked is exit code 69, and says why")
    func noModel() async throws {
        let run = try await compare(
            [
                "--baseline", "random", "--strategy", "llm", "--provider", "command", "--model", "false", "--session",
                "run",
            ])
        #expect(run.exitCode == 69 && run.output.isEmpty, "\(run.errors)")
        #expect(run.errors.contains("warning: ") && !folder.exists("run/compare.json"))
    }

    @Test("a kernel file with a mistake is exit code 65")
    func badKernel() async throws {
        try folder.write("{}", to: "kernel.json")
        let run = try await compare(["--baseline", "lfbo"] + replayed)
        #expect(run.exitCode == 65 && run.errors.contains("kernel.json:1:1"))
    }
}
