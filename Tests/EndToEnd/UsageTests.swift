import Foundation
import Testing

@Suite struct UsageTests {
    @Test("the version is one line")
    func version() async throws {
        let run = try await Program.run(["--version"])
        #expect(run.exitCode == 0)
        #expect(run.output == "0.1.0\n")
    }

    @Test(
        "wrong usage is exit code 64 and says what to give",
        arguments: [
            (["kernel.json", "--rounds", "0"], "--rounds must be at least 1"),
            (["kernel.json", "--budget", "soon"], "'soon' is invalid for '--budget <limit>'"),
            (["kernel.json", "--strategy", "random", "--model", "m"], "asks no model"),
            (["prompt"], "give a kernel file, or --session DIR --round N"),
            (["prompt", "kernel.json", "--round", "1"], "--round needs --session DIR"),
        ])
    func usage(arguments: [String], message: String) async throws {
        let run = try await Program.run(arguments)
        #expect(run.exitCode == 64)
        #expect(run.errors.contains(message))
    }

    @Test("a kernel file with a mistake is exit code 65, with its line and column")
    func badSpec() async throws {
        let folder = try Folder()
        try folder.write("{\n  \"name\": \"x\",\n  \"kernal\": {}\n}\n", to: "kernel.json")
        let run = try await Program.run(["check", "kernel.json"], in: folder)
        #expect(run.exitCode == 65)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("kernel.json:3:3"))
        #expect(run.errors.contains("kernel"))
    }

    @Test("no model named is exit code 64 and names the ways to give one")
    func noModel() async throws {
        let folder = try Folder()
        try TestKernel.write(modes: ["a", "b"], body: "right(n, x, y);", to: folder)
        let run = try await Program.run(["kernel.json"], in: folder)
        #expect(run.exitCode == 64)
        #expect(run.errors.contains("--model"))
        #expect(!folder.exists(".autotune"))
    }

    @Test("budgets end a run: by evaluations exactly, by time with what was measured")
    func budgets() async throws {
        let folder = try Folder()
        try TestKernel.write(modes: ["a", "b", "c", "d", "e", "f"], body: "right(n, x, y);", to: folder)
        let counted = try await Program.run(
            ["kernel.json", "--strategy", "random", "--budget", "3", "--session", "count", "--json"], in: folder)
        #expect(counted.exitCode == 0, "\(counted.errors)")
        #expect(try folder.json("count/result.json")["evaluations"] as? Int == 3)
        #expect(try folder.json("count/result.json")["stopped"] as? String == "evaluation_budget")
        #expect(counted.output == (try folder.read("count/result.json")))

        try TestKernel.write(modes: ["a", "b", "c"], body: "right(n, x, y); if (MODE != a) for (;;);", to: folder)
        let timed = try await Program.run(
            ["kernel.json", "--strategy", "exhaustive", "--budget", "5s", "--session", "time"], in: folder)
        #expect(timed.exitCode == 0, "\(timed.errors)")
        let result = try folder.json("time/result.json")
        #expect(result["stopped"] as? String == "time_budget")
        #expect(((result["best"] as? [String: Any])?["config"] as? [String: Any])?["MODE"] as? String == "a")
    }
}
