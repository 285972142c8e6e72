import Foundation
import Testing

/// Runs over a recording that tells how near its times come to the device's limit.
@Suite struct LimitStopTests {
    /// Ten configs, 2 ms less 0.1 ms for each step of `tile`; the share of the limit grows to `greatest`.
    private static func write(to folder: Folder, greatest: Double) throws {
        try folder.write("void kernel(float *y) { y[0] = 1; }\n", to: "kernel.c")
        try folder.write(
            """
            { "name": "limited",
              "kernel": { "language": "c", "source": "kernel.c", "function": "kernel" },
              "arguments": [ { "name": "y", "dtype": "float32", "shape": [1], "role": "output" } ],
              "config_space": [ { "name": "tile", "type": "integer", "min": 1, "max": 10 } ] }
            """, to: "kernel.json")
        let results = (1...10).map { tile -> [String: Any] in
            let time = 2 - Double(tile) / 10
            let measurements: [[String: Any]] = [
                ["name": "time", "value": time], ["name": "share_of_limit", "value": greatest / time],
                ["name": "limit", "value": "copy bandwidth"], ["name": "registers_per_thread", "value": 40],
            ]
            return [
                "configuration": ["tile": tile], "times": ["runtimes": [time]], "invalidity": "correct",
                "measurements": measurements,
            ]
        }
        let facts = [["name": "L2 cache", "value": "50 MiB"]]
        let document: [String: Any] = [
            "metadata": ["device": ["name": "A device", "facts": facts]], "results": results,
        ]
        try folder.write(
            String(decoding: try JSONSerialization.data(withJSONObject: document), as: UTF8.self), to: "recording.json")
    }

    private let search = [
        "kernel.json", "--recorded", "recording.json", "--strategy", "random", "--configs-per-round", "10", "--rounds",
        "3", "--session", "run",
    ]

    @Test("a run ends at the device's limit and says so, unless it is told not to")
    func stops() async throws {
        let folder = try Folder()
        try Self.write(to: folder, greatest: 0.99)
        let run = try await Program.run(search, in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("device   A device\n"))
        #expect(run.output.contains("99 % of the copy bandwidth"))
        #expect(run.output.contains("stopped at the device's limit (--no-limit-stop goes on)"))
        let result = try folder.json("run/result.json")
        #expect(result["stopped"] as? String == "limit")
        let best = try #require(result["best"] as? [String: Any])
        #expect((best["resources"] as? [String: Any])?["registers_per_thread"] as? Int == 40)
        let schema = ExampleTests.root.appending(path: "Docs/result.schema.json").path
        #expect(try await Python.schemaErrors(of: folder.path + "/run/result.json", by: schema) ?? [] == [])

        let other = try Folder()
        try Self.write(to: other, greatest: 0.99)
        let further = try await Program.run(search + ["--no-limit-stop"], in: other)
        #expect(try other.json("run/result.json")["stopped"] as? String == "exhausted", "\(further.errors)")
    }

    @Test("a limit that is beaten by far was measured low, ends nothing, and the user is told once what to do")
    func beaten() async throws {
        let folder = try Folder()
        try Self.write(to: folder, greatest: 1.2)
        let run = try await Program.run(search + ["--configs-per-round", "4"], in: folder)
        #expect(try folder.json("run/result.json")["stopped"] as? String == "rounds", "\(run.errors)")
        #expect(run.errors.components(separatedBy: "beyond the copy bandwidth that was measured").count == 2)
    }

    @Test("--devices that name nothing, and beside a recording, are wrong usage")
    func devices() async throws {
        let folder = try Folder()
        try Self.write(to: folder, greatest: 0.99)
        let recorded = try await Program.run(search + ["--devices", "0"], in: folder)
        #expect(recorded.exitCode == 64 && recorded.errors.contains("--devices chooses what to measure on"))
        for value in ["0,0", "x", "-1", "1,"] {
            let run = try await Program.run(["kernel.json", "--strategy", "random", "--devices=\(value)"], in: folder)
            #expect(run.exitCode == 64 && run.errors.contains("--devices takes"), "\(value): \(run.errors)")
        }
    }
}
