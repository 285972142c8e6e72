import Foundation
import Testing

/// The best config, ready to paste.
@Suite struct EmitTests {
    private let recorded = [
        "kernel.json", "--recorded", "recording.json", "--strategy", "exhaustive", "--session", "run",
    ]
    private let header = "#define tileX 7\n#define TILE_Y 3\n"

    @Test("--emit writes the best beside the tables, and result.json has it too")
    func file() async throws {
        let folder = try Folder()
        try RecordedRunTests.write(to: folder)
        let run = try await Program.run(recorded + ["--emit", "best.h"], in: folder)
        #expect(run.exitCode == 0 && run.output.contains("finalists"), "\(run.errors)")
        #expect(try folder.read("best.h") == header)
        #expect(try folder.json("run/result.json")["snippet"] as? String == String(header.dropLast()))
        let schema = ExampleTests.root.appending(path: "Docs/result.schema.json").path
        #expect(try await Python.schemaErrors(of: folder.path + "/run/result.json", by: schema) ?? [] == [])
    }

    @Test("--emit - prints it alone, and nothing beside --json")
    func standardOutput() async throws {
        let folder = try Folder()
        try RecordedRunTests.write(to: folder)
        let both = try await Program.run(recorded + ["--emit", "-", "--json"], in: folder)
        #expect(both.exitCode == 64 && both.errors.contains("choose one"))
        let run = try await Program.run(recorded + ["--emit", "-"], in: folder)
        #expect(run.exitCode == 0 && run.output == header, "\(run.errors)")
    }

    @Test("where nothing was measured --emit - prints nothing that could be taken for a config")
    func nothing() async throws {
        let folder = try Folder()
        try RecordedRunTests.write(to: folder)
        try folder.write(
            #"{"metadata":{},"results":[{"configuration":{"tileX":2,"TILE_Y":2},"invalidity":"compile","measurements":[]}]}"#,
            to: "recording.json")
        let run = try await Program.run(recorded + ["--emit", "-"], in: folder)
        #expect(run.exitCode == 65 && run.output.isEmpty)
        #expect(run.errors.contains("nothing was measured"))
    }

    @Test("a file that cannot be written is exit code 73, after the result is told")
    func notWritable() async throws {
        let folder = try Folder()
        try RecordedRunTests.write(to: folder)
        let run = try await Program.run(recorded + ["--emit", "no/such/best.h"], in: folder)
        #expect(run.exitCode == 73 && run.errors.contains("cannot write no/such/best.h"))
        #expect(run.output.contains(#"{"TILE_Y":3,"tileX":7}"#))
    }

    @Test("a Helion kernel's best is a decorator")
    func helion() async throws {
        let folder = try Folder()
        try PythonStub.writeKernel(to: folder)
        let python = try PythonStub.write(to: folder)
        let run = try await Program.run(
            ["kernel.json", "--strategy", "exhaustive", "--python", python, "--session", "run", "--emit", "-"],
            in: folder,
            environment: ["XDG_CACHE_HOME": folder.path])
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output == "@helion.kernel(config=helion.Config(num_warps=4, block_sizes=[64]))\n")
    }
}
