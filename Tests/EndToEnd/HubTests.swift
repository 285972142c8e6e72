import Foundation
import Testing

/// The real, fully measured spaces of the auto-tuning community's hub.
@Suite(.enabled(if: Hub.path != nil, Comment(rawValue: Hub.why)))
struct HubTests {
    let hub = Hub.path ?? ""

    @Test(
        "check counts as many valid configs as the hub has records",
        arguments: [
            ("convolution", "4,362"), ("dedispersion", "11,130"), ("pnpoly", "4,092"), ("gemm", "116,928"),
            ("hotspot", "82,984"),
        ])
    func check(name: String, count: String) async throws {
        let run = try await Program.run(["check", "\(hub)/\(name)_T1.json"])
        #expect(run.exitCode == 0)
        #expect(run.output.contains("\nspace    \(count) valid configs of "))
    }

    private struct Result: Decodable {
        struct Best: Decodable {
            enum CodingKeys: String, CodingKey {
                case timeMs = "time_ms"
            }
            var timeMs: Double
        }
        var evaluations: Int
        var best: Best
    }

    @Test(
        "an exhaustive search over a recording finds exactly the best time in the file",
        arguments: [
            ("convolution", "convolution_A100_T4.json.gz", 4362),
            ("convolution", "convolution_A100_cache.json.gz", 4362),
            ("dedispersion", "dedispersion_A100_T4.json.gz", 11130), ("pnpoly", "pnpoly_RTX3090_T4.json.gz", 4092),
        ])
    func exhaustive(name: String, file: String, records: Int) async throws {
        let folder = try Folder()
        let run = try await Program.run(
            [
                "\(hub)/\(name)_T1.json", "--strategy", "exhaustive", "--recorded", "\(hub)/\(file)", "--session",
                "run",
                "--json",
            ], in: folder)
        #expect(run.exitCode == 0)
        // Not JSONSerialization, which rounds the last digit of some numbers.
        let result = try JSONDecoder().decode(Result.self, from: Data(run.output.utf8))
        #expect(result.evaluations == records)
        #expect(result.best.timeMs == (try await bestTime(in: "\(hub)/\(file)")))
    }

    @Test("a random search with a seed is repeatable, and another seed searches elsewhere")
    func random() async throws {
        let folder = try Folder()
        func tried(seed: String, session: String) async throws -> [String] {
            let run = try await Program.run(
                [
                    "\(hub)/convolution_T1.json", "--strategy", "random", "--recorded",
                    "\(hub)/convolution_A100_cache.json.gz", "--seed", seed, "--session", session,
                ], in: folder)
            #expect(run.exitCode == 0)
            let lines = try folder.read("\(session)/journal.jsonl").split(separator: "\n")
            return lines.filter { $0.contains(#""event":"evaluation""#) }.map(String.init)
        }
        let first = try await tried(seed: "3", session: "a")
        #expect(first.count == 46)
        #expect(try await tried(seed: "3", session: "b") == first)
        #expect(try await tried(seed: "4", session: "c") != first)
    }

    @Test("a model's recorded replies tune a recorded device, round by round")
    func replay() async throws {
        let folder = try Folder()
        let run = try await Program.run(
            [
                "\(hub)/convolution_T1.json", "--rounds", "3", "--recorded", "\(hub)/convolution_A100_cache.json.gz",
                "--strategy", "llm", "--provider", "replay", "--model", "\(hub)/replies-convolution-A100", "--session",
                "run",
            ], in: folder)
        #expect(run.exitCode == 0)
        let result = try folder.json("run/result.json")
        let rounds = try #require(result["rounds"] as? [[String: Any]])
        #expect(rounds.map { $0["measured"] as? Int } == [15, 15, 15])
        let best = rounds.compactMap { $0["best_time_ms"] as? Double }
        // Best over optimum as the hub's notes give them: 1.524, 1.491, 1.472 of 0.5536 ms.
        #expect(best.map { ($0 / 0.5536 * 1000).rounded() / 1000 } == [1.524, 1.491, 1.472])
        #expect(try folder.read("run/rounds/1/prompt.txt").contains("Coverage: 16 measured of 16 evaluated, 0 failed"))
    }

    /// The least valid time in a recording, by reading it with another reader.
    private func bestTime(in file: String) async throws -> Double {
        let script = """
            import gzip, json, sys
            data = json.load(gzip.open(sys.argv[1]))
            if "cache" in data:
                times = [e["time"] for e in data["cache"].values() if isinstance(e["time"], float)]
            else:
                times = [r["measurements"][0]["value"] for r in data["results"] if r["invalidity"] == "correct"]
            print(repr(min(times)))
            """
        let output = try await Python.run(script, [file])
        return try #require(Double(output.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}
