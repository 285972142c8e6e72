import Foundation
import Testing

/// Several sides, several seeds, plots: over the small recording, 1 ms at (7, 3), 1.26 ms for the default.
@Suite struct CompareSidesTests {
    private let folder: Folder
    private static let options = [
        "compare", "kernel.json", "--recorded", "recording.json", "--session", "run", "--quiet", "--strategy", "local",
        "--rounds", "3",
    ]

    init() throws {
        folder = try Folder()
        try RecordedRunTests.write(to: folder)
    }

    private func compare(_ arguments: [String]) async throws -> [String: Any] {
        let run = try await Program.run(Self.options + arguments, in: folder)
        try #require(run.exitCode == 0, "\(run.errors)")
        let schema = ExampleTests.root.appending(path: "Docs/compare.schema.json").path
        #expect(try await Python.schemaErrors(of: "\(folder.path)/run/compare.json", by: schema) ?? [] == [])
        return try folder.json("run/compare.json")
    }

    private func sides(_ level: [String: Any]) -> [[String: Any]] { level["sides"] as? [[String: Any]] ?? [] }

    @Test("several baselines stand beside the search, each with a session, a row and a curve")
    func severalBaselines() async throws {
        let comparison = try await compare(["--baseline", "exhaustive", "--baseline", "random", "--baseline", "random"])
        let rows = try #require(comparison["rows"] as? [[String: Any]])
        #expect(
            rows.compactMap { $0["name"] as? String } == [
                "default", "L1", "L2", "L3", "exhaustive", "random", "random 2",
            ])
        #expect(rows[4]["time_ms"] as? Double == 1 && rows[4]["share_of_seconds"] as? Double == 1)
        #expect(rows[5]["config"] as? [String: Int] == rows[6]["config"] as? [String: Int])
        for session in ["run", "run/baseline", "run/baseline-2", "run/baseline-3"] {
            #expect(folder.exists("\(session)/result.json"), "\(session)")
        }
        let levels = try #require(comparison["at_evaluations"] as? [[String: Any]])
        #expect(levels.prefix(2).compactMap { $0["at"] as? Double } == [10, 25] && levels.last?["at"] as? Double == 90)
        #expect(
            sides(levels[0]).compactMap { $0["name"] as? String } == ["L (local)", "exhaustive", "random", "random 2"])
        let last = try #require(levels.last.map(sides))
        #expect(last[0]["best_ms"] == nil && (last[1]["best_ms"] as? [String: Double])?["median"] == 1)
    }

    @Test("the best at a number of evaluations is the best of so many lines of the journal")
    func bestOfJournal() async throws {
        let comparison = try await compare(["--baseline", "exhaustive"])
        let times = try folder.read("run/journal.jsonl").split(separator: "\n").compactMap { line -> Double? in
            let event = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard event?["event"] as? String == "evaluation", let told = event?["evaluation"] as? [String: Any] else {
                return nil
            }
            return (told["timing"] as? [String: Any])?["median_ms"] as? Double ?? .infinity
        }
        let levels = try #require(comparison["at_evaluations"] as? [[String: Any]])
        for level in levels {
            let at = try #require(level["at"] as? Double)
            let best = (sides(level)[0]["best_ms"] as? [String: Double])?["median"]
            #expect(best == (Int(at) <= times.count ? times.prefix(Int(at)).min() : nil), "\(at)")
        }
    }

    @Test("repeats search with one seed after another, and tell medians and ranges")
    func repeats() async throws {
        let comparison = try await compare([
            "--baseline", "random", "--baseline-budget", "20", "--repeats", "3", "--seed", "4",
        ])
        #expect(comparison["seeds"] as? [Int] == [4, 5, 6])
        let rows = try #require(comparison["rows"] as? [[String: Any]])
        let bySeed = try #require(rows.last?["by_seed"] as? [[String: Any]])
        #expect(bySeed.compactMap { $0["seed"] as? Int } == [4, 5, 6])
        for (number, session) in ["run", "run/repeat-2", "run/repeat-3"].enumerated() {
            #expect(try folder.json("\(session)/session.json")["seed"] as? Int == 4 + number)
            let baseline = try folder.json("\(session)/baseline/result.json")
            #expect(baseline["seed"] as? Int == 4 + number && baseline["evaluations"] as? Int == 20)
            let best = try #require((baseline["best"] as? [String: Any])?["time_ms"] as? Double)
            #expect(bySeed[number]["time_ms"] as? Double == best)
        }
        let times = bySeed.compactMap { $0["time_ms"] as? Double }.sorted()
        #expect(rows.last?["time_ms"] as? Double == times[1])
        let table = try folder.read("run/compare.md")
        #expect(table.contains("| failed | range of ms | range of speed |"))
        #expect(table.contains(String(format: "| %.4f - %.4f |", times[0], times[2])))
    }

    @Test("an earlier session brings its curve, a baseline.json its end")
    func earlier() async throws {
        let before = try await Program.run(
            [
                "kernel.json", "--recorded", "recording.json", "--strategy", "random", "--budget", "30", "--session",
                "before", "--quiet",
            ],
            in: folder)
        try #require(before.exitCode == 0, "\(before.errors)")
        try folder.write(
            #"{"name": "Helion's LFBOTreeSearch", "config": {"tileX": 7, "TILE_Y": 3}, "seconds": 12, "evaluations": 40}"#,
            to: "baseline.json")
        let comparison = try await compare(["--baseline", "before", "--baseline", "baseline.json"])
        let rows = try #require(comparison["rows"] as? [[String: Any]])
        #expect(rows.suffix(2).compactMap { $0["name"] as? String } == ["random", "Helion's LFBOTreeSearch"])
        #expect(rows.last?["seconds"] as? Double == 12 && rows.last?["time_ms"] as? Double == 1)
        let curves = try #require(comparison["curves"] as? [[String: Any]])
        let points = curves.map { (($0["runs"] as? [[String: Any]])?.first?["points"] as? [[String: Any]]) ?? [] }
        #expect(points[1].count > 1 && points[1].last?["evaluations"] as? Int == 30)
        #expect(points[2].count == 1 && points[2][0]["best_ms"] as? Double == 1)
    }

    @Test("a baseline that asks a model is compared too, and needs one")
    func modelAsBaseline() async throws {
        try folder.write(#"[{"tileX":7,"TILE_Y":3}]"#, to: "replies/round-0.txt")
        let comparison = try await compare(
            ["--baseline", "llm", "--provider", "replay", "--model", "replies", "--rounds", "1"])
        let rows = try #require(comparison["rows"] as? [[String: Any]])
        #expect(rows.last?["name"] as? String == "llm" && rows.last?["time_ms"] as? Double == 1)
        let without = try await Program.run(
            Self.options + ["--baseline", "hybrid", "--session", "other"], in: folder)
        #expect(without.exitCode == 64 && without.errors.contains("model"), "\(without.errors)")
    }

    @Test("--markdown prints compare.md; --plot draws a line and a name for each side, as XML that can be read")
    func markdownAndPlot() async throws {
        for cost in ["evaluations", "seconds"] {
            let run = try await Program.run(
                Self.options + [
                    "--baseline", "random", "--baseline-budget", "40", "--repeats", "3", "--markdown", "--plot",
                    "curves.svg",
                    "--plot-over", cost,
                ], in: folder)
            #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
            #expect(run.output == (try folder.read("run/compare.md")))
            #expect(
                run.output.contains(
                    "Best so far by single times, ms (median, range over the seeds), after as many evaluations"))
            let plot = try folder.read("curves.svg")
            #expect(try await Python.xmlFault(in: "\(folder.path)/curves.svg") == "")
            #expect(plot.contains(">L (local)</text>") && plot.contains(">random</text>"))
            #expect(plot.contains("<polygon class=\"band") && plot.contains("prefers-color-scheme:dark"))
            #expect(plot.contains(cost == "seconds" ? ">seconds of the search" : ">evaluations</text>"))
            #expect(!plot.contains("nan") && !plot.contains("inf"))
            try FileManager.default.removeItem(atPath: folder.path + "/run")
        }
    }

    @Test("a random search over a space of which next to nothing is recorded ends, and says why")
    func hardlyRecorded() async throws {
        let kernel = try folder.read("kernel.json").replacing("\"max\": 10", with: "\"max\": 9000000")
        try folder.write(kernel, to: "kernel.json")
        let run = try await Program.run(
            [
                "kernel.json", "--recorded", "recording.json", "--strategy", "random", "--budget", "50", "--session",
                "wide",
            ],
            in: folder)
        #expect(
            run.errors.contains("100 rounds in a row held only configs that are not in the recording"), "\(run.errors)")
        #expect(try folder.json("wide/result.json")["stopped"] as? String == "exhausted")
    }
}
