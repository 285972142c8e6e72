import Foundation
import Testing

/// Runs over a small recording that the tests make themselves.
@Suite struct RecordedRunTests {
    /// 100 configs, time 1 ms at (7, 3) and more with the distance from it; (1, 1) fails, row 10 is not in the recording.
    static func write(to folder: Folder) throws {
        try folder.write("void kernel(float *y) { y[0] = 1; }\n", to: "kernel.c")
        try folder.write(
            """
            {
              "name": "recorded",
              "kernel": { "language": "c", "source": "kernel.c", "function": "kernel" },
              "arguments": [ { "name": "y", "dtype": "float32", "shape": [1], "role": "output" } ],
              "config_space": [
                { "name": "tileX", "type": "integer", "min": 1, "max": 10, "default": 2 },
                { "name": "TILE_Y", "type": "integer", "min": 1, "max": 10, "default": 2 }
              ]
            }
            """, to: "kernel.json")
        var results: [[String: Any]] = []
        for x in 1...9 {
            for y in 1...10 {
                let time = 1 + Double((x - 7) * (x - 7) + (y - 3) * (y - 3)) / 100
                let fails = x == 1 && y == 1
                results.append([
                    "configuration": ["tileX": x, "TILE_Y": y],
                    "times": [
                        "compilation": 100, "framework": 0, "search_algorithm": 0, "validation": 0, "runtimes": [time],
                    ],
                    "invalidity": fails ? "compile" : "correct", "correctness": fails ? 0 : 1,
                    "measurements": [
                        ["name": "time", "value": fails ? "CompilationError" : time, "unit": "miliseconds"]
                            as [String: Any]
                    ],
                    "objectives": ["time"],
                ])
            }
        }
        let document: [String: Any] = ["metadata": ["timeunit": "miliseconds"], "results": results]
        try folder.write(
            String(decoding: try JSONSerialization.data(withJSONObject: document), as: UTF8.self), to: "recording.json")
    }

    private let recorded = ["kernel.json", "--recorded", "recording.json"]

    @Test("what a recording does not hold is neither a result nor a failure")
    func notRecorded() async throws {
        let folder = try Folder()
        try Self.write(to: folder)
        let run = try await Program.run(recorded + ["--strategy", "exhaustive", "--session", "run"], in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        let result = try folder.json("run/result.json")
        #expect(result["evaluations"] as? Int == 90)
        #expect(result["outcomes"] as? [String: Int] == ["measured": 89, "compileError": 1, "notRecorded": 10])
        #expect(run.output.contains(#"{"TILE_Y":3,"tileX":7}"#))
        #expect(run.output.contains("best 1.0000 ms, 1.26x the default's speed (1.2600 ms)"))
    }

    @Test("the T4 export can be tuned from like any recording")
    func export() async throws {
        let folder = try Folder()
        try Self.write(to: folder)
        let first = try await Program.run(recorded + ["--strategy", "exhaustive", "--session", "first"], in: folder)
        #expect(first.exitCode == 0)
        let second = try await Program.run(
            ["kernel.json", "--recorded", "first/results.t4.json", "--strategy", "exhaustive", "--session", "second"],
            in: folder)
        #expect(second.exitCode == 0, "\(second.errors)")
        for key in ["outcomes", "evaluations"] {
            #expect(
                try folder.json("first/result.json")[key] as? NSObject == folder.json("second/result.json")[key]
                    as? NSObject)
        }
    }

    @Test("two rounds without a gain end the run")
    func stalled() async throws {
        let folder = try Folder()
        try Self.write(to: folder)
        let replies = [#"[{"tileX":7}]"#, #"[{"tileX":3}]"#, #"[{"tileX":4}]"#, #"[{"tileX":7,"TILE_Y":3}]"#]
        for (round, reply) in replies.enumerated() { try folder.write(reply, to: "replies/round-\(round).txt") }
        let run = try await Program.run(
            recorded + [
                "--strategy", "llm", "--provider", "replay", "--model", "replies", "--rounds", "4", "--session", "run",
            ], in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        let result = try folder.json("run/result.json")
        #expect(result["stopped"] as? String == "stalled")
        #expect((result["rounds"] as? [Any])?.count == 3)
    }

    @Test("without further words a search goes on behind the model's rounds, and ends when it finds no more")
    func goesOn() async throws {
        let folder = try Folder()
        try Self.write(to: folder)
        for round in 0..<2 { try folder.write(#"[{"tileX":7},{"tileX":3}]"#, to: "replies/round-\(round).txt") }
        let asked = recorded + ["--provider", "replay", "--model", "replies", "--rounds", "2"]
        let run = try await Program.run(asked + ["--session", "run"], in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("search   hybrid, replay replies"))
        #expect(run.output.contains("; stopped because the last rounds brought no gain"))
        let result = try folder.json("run/result.json")
        #expect(result["stopped"] as? String == "stalled")
        let rounds = try #require(result["rounds"] as? [[String: Any]])
        #expect(rounds.count >= 4)
        let bests = rounds.map { $0["best_time_ms"] as? Double ?? .infinity }
        #expect(bests[bests.count - 1] == bests[bests.count - 3])

        let bounded = try await Program.run(asked + ["--budget", "70", "--session", "bounded"], in: folder)
        #expect(bounded.exitCode == 0, "\(bounded.errors)")
        #expect(bounded.output.contains("\n70 evaluations in "))
        #expect(bounded.output.contains("; stopped by the evaluation budget"))
    }

    @Test("a run that was killed while it waited for the model asks that round only, and measures nothing twice")
    func killedWhileAsking() async throws {
        let folder = try Folder()
        try Self.write(to: folder)
        try folder.write(
            """
            import json, os, signal, sys
            request = json.load(sys.stdin)
            rounds = sum(message["role"] == "assistant" for message in request["messages"])
            open("asked", "a").write("%d\\n" % rounds)
            if rounds == 1 and not os.path.exists("killed"):
                open("killed", "w").close()
                os.kill(os.getppid(), signal.SIGKILL)
            print(['[{"tileX":5},{"tileX":6}]', '[{"tileX":7}]'][rounds])
            """, to: "model.py")
        let arguments =
            recorded + [
                "--strategy", "llm", "--provider", "command", "--model", "python3 model.py", "--rounds", "2",
                "--session", "run",
            ]
        let killed = try await Program.run(arguments, in: folder)
        #expect(killed.exitCode == -9)
        let resumed = try await Program.run(arguments + ["--resume"], in: folder)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(try folder.read("asked") == "0\n1\n1\n")
        let result = try folder.json("run/result.json")
        #expect(result["evaluations"] as? Int == 4)
        #expect((result["rounds"] as? [[String: Any]])?.map { $0["measured"] as? Int } == [2, 1])
    }

    @Test("Ctrl-C while the model is asked ends the run at once, with what was measured on disk")
    func interruptedWhileAsking() async throws {
        let folder = try Folder()
        try Self.write(to: folder)
        try folder.write(
            """
            import json, os, signal, sys
            if len(json.load(sys.stdin)["messages"]) > 2:
                os.kill(os.getppid(), signal.SIGINT)
                while True: signal.pause()
            print('[{"tileX":5}]')
            """, to: "model.py")
        let run = try await Program.run(
            recorded + [
                "--strategy", "llm", "--provider", "command", "--model", "python3 model.py", "--session", "run",
            ],
            in: folder)
        #expect(run.exitCode == 130, "\(run.errors)")
        let result = try folder.json("run/result.json")
        #expect(result["stopped"] as? String == "interrupted")
        #expect(result["evaluations"] as? Int == 2)
    }

    @Test("random seeds are measured only while the first request is in flight")
    func randomSeeds() async throws {
        let folder = try Folder()
        try Self.write(to: folder)
        // Answers only when the journal shows that three seeds were evaluated meanwhile.
        try folder.write(
            """
            import json, sys
            request = json.load(sys.stdin)
            if len(request["messages"]) == 2:
                while open("run/journal.jsonl").read().count('"random_seed"') < 3: pass
            print('[{"tileX":%d}]' % len(request["messages"]))
            """, to: "model.py")
        let run = try await Program.run(
            recorded + [
                "--provider", "command", "--model", "python3 model.py", "--rounds", "2", "--session", "run",
                "--random-seeds", "3",
            ], in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        let journal = try folder.read("run/journal.jsonl").split(separator: "\n")
        let origins = journal.compactMap { line in
            ["default", "random_seed", "model"].first { line.contains("\"origin\":\"\($0)\"") }
        }
        #expect(origins.prefix(4) == ["default", "random_seed", "random_seed", "random_seed"])
        #expect(origins.count { $0 == "random_seed" } == 3)
    }
}
