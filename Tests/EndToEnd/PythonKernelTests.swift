import Foundation
import Testing

/// Kernels in Python where there is no GPU: what is missing is told, and a stub of the worker stands for the rest.
@Suite struct PythonKernelTests {
    private let folder: Folder
    private let cache: [String: String]

    init() throws {
        folder = try Folder()
        cache = ["XDG_CACHE_HOME": folder.path + "/cache", "PYTHONPATH": ""]
    }

    private static func example(_ name: String) -> String {
        ExampleTests.root.appending(path: "Examples/\(name)/kernel.json").path
    }

    /// An interpreter without the packages that this machine may have.
    private func bareInterpreter() throws -> String {
        try folder.write("#!/bin/sh\nexec python3 -S \"$@\"\n", to: "bare")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path + "/bare")
        return folder.path + "/bare"
    }

    private func run(_ kernel: String, python: String, path: String = "") async throws -> Program.Run {
        try await Program.run(
            [kernel, "--strategy", "random", "--session", "run", "--python", python], in: folder,
            environment: cache.merging(["PYTHONPATH": path]) { $1 })
    }

    // MARK: What is missing

    @Test(
        "without PyTorch the run ends with exit code 69 and names it, the interpreter and --python",
        arguments: ["helion", "triton"])
    func noTorch(language: String) async throws {
        let interpreter = try await Python.run("import sys; print(sys.executable)", [])
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let run = try await run(Self.example("\(language)/matmul"), python: try bareInterpreter())
        #expect(run.exitCode == 69)
        #expect(run.output.isEmpty)
        #expect(
            run.errors.hasPrefix(
                "autotune: language \"\(language)\" needs torch, which \(interpreter) does not have; install it there "
                    + "(pip install torch), or choose another interpreter with --python\n"))
        #expect(!folder.exists("run"))
    }

    @Test("an interpreter that is not there is exit code 69 and named", arguments: ["/no/such", "no-such-python"])
    func noInterpreter(python: String) async throws {
        let run = try await run(Self.example("helion/matmul"), python: python)
        #expect(run.exitCode == 69)
        #expect(
            run.errors.contains("could not be started: Executable \"\(python)\" is not found or cannot be executed"))
    }

    @Test("a PyTorch that finds no device is told with its version and what to look at")
    func noDevice() async throws {
        try folder.write(
            """
            __version__ = "2.11.0+stub"

            class cuda:
                @staticmethod
                def is_available():
                    return False
            """, to: "packages/torch/__init__.py")
        let run = try await run(
            Self.example("helion/matmul"), python: try bareInterpreter(), path: folder.path + "/packages")
        #expect(run.exitCode == 69)
        #expect(run.errors.hasPrefix("autotune: PyTorch 2.11.0+stub finds no CUDA device; check `nvidia-smi`, "))
    }

    @Test("a PyTorch that does not import is told with its error, the versions, and which belong together")
    func brokenTorch() async throws {
        try folder.write("raise ImportError('libcudart.so.12: cannot open')\n", to: "packages/torch/__init__.py")
        try folder.write(
            "Metadata-Version: 2.1\nName: torch\nVersion: 2.3.0\n", to: "packages/torch-2.3.0.dist-info/METADATA")
        let run = try await run(
            Self.example("triton/matmul"), python: try bareInterpreter(), path: folder.path + "/packages")
        #expect(run.exitCode == 69)
        #expect(
            run.errors.hasPrefix(
                "autotune: torch 2.3.0 does not import beside PyTorch 2.3.0, Triton (not installed): ImportError: "
                    + "libcudart.so.12: cannot open; install versions that belong together"))
    }

    @Test("a kernel file alone says that the kernel tells its space later, whatever Python there is")
    func check() async throws {
        let run = try await Program.run(["check", Self.example("helion/matmul")])
        #expect(run.exitCode == 0)
        #expect(run.output.contains("space    told by the kernel itself when a worker opens it"))
        let json = try await Program.run(["check", "--json", Self.example("helion/matmul")])
        let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(document?["language"] as? String == "helion" && document?["valid_configs"] == nil)
    }

    // MARK: Whole runs

    private func tune(_ arguments: [String], session: String) async throws -> Program.Run {
        try await Program.run(["kernel.json", "--session", session] + arguments, in: folder, environment: cache)
    }

    @Test("a kernel that tells its space is tuned over it, and its results can be tuned from without any Python")
    func recordedAgain() async throws {
        try PythonStub.writeKernel(to: folder)
        let python = try PythonStub.write(to: folder)
        let first = try await tune(["--strategy", "exhaustive", "--python", python], session: "first")
        #expect(first.exitCode == 0, "\(first.errors)")
        #expect(first.errors.contains("device   Stub GPU") && first.errors.contains("20 valid configs"))
        #expect(first.output.contains("\n" + #"{"block_sizes":[64],"num_warps":4}"# + "\n"))
        let result = try folder.json("first/result.json")
        #expect(result["outcomes"] as? [String: Int] == ["measured": 19, "rejected": 1])

        let recorded = ["--strategy", "exhaustive", "--recorded", "first/results.t4.json", "--python", "/no/such"]
        let second = try await tune(recorded, session: "second")
        #expect(second.exitCode == 0, "\(second.errors)")
        #expect(second.errors.contains("device   Stub GPU"))
        let again = try folder.json("second/result.json")
        #expect(again["outcomes"] as? [String: Int] == ["measured": 19, "rejected": 1])
        let best = try #require(again["best"] as? [String: Any])
        #expect(best["config"] as? NSDictionary == ["block_sizes": [64], "num_warps": 4])
        #expect(best["time_ms"] as? Double == 1)
    }

    @Test("the first prompt can be seen before anything is measured, with the space and the compiler's seeds")
    func prompt() async throws {
        try PythonStub.writeKernel(to: folder)
        let python = try PythonStub.write(to: folder)
        let run = try await Program.run(["prompt", "kernel.json", "--python", python], in: folder, environment: cache)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("num_warps") && run.output.contains("block_sizes"))
        #expect(run.output.contains(#"{"block_sizes":[32],"num_warps":8}"#))
        #expect(run.output.contains("What usually matters in Helion"))
    }

    @Test("a recording without the kernel's space is refused, and says what it lacks")
    func recordingWithoutSpace() async throws {
        try folder.write(
            #"{"metadata":{"timeunit":"miliseconds"},"results":[{"configuration":{"num_warps":4},"invalidity":"correct","#
                + #""measurements":[{"name":"time","value":1}]}]}"#, to: "recording.json")
        let run = try await Program.run(
            [
                Self.example("helion/matmul"), "--strategy", "random", "--recorded", "recording.json", "--session",
                "run",
            ],
            in: folder)
        #expect(run.exitCode == 65)
        #expect(
            run.errors.hasPrefix(
                "autotune: the recording recording.json is of no use: it does not hold the configuration space of the "
                    + "helion kernel\n"))
        #expect(!folder.exists("run"))
    }

    @Test(
        "the compiler's seeds are measured beside the default, and what Helion refuses is told to the model as rejected"
    )
    func rejectedByTheLanguage() async throws {
        try PythonStub.writeKernel(to: folder)
        let python = try PythonStub.write(to: folder)
        try folder.write(
            #"{"configs":[{"num_warps":1,"block_sizes":[128]},{"block_sizes":[64]},{"num_warps":3}]}"#,
            to: "replies/round-0.txt")
        try folder.write(#"{"configs":[{"block_sizes":[128]}]}"#, to: "replies/round-1.txt")
        let run = try await tune(
            ["--strategy", "llm", "--provider", "replay", "--model", "replies", "--rounds", "2", "--python", python],
            session: "run")
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("round 0  3 proposed, 1 measured, 2 rejected"))
        let result = try folder.json("run/result.json")
        // The default, the seed that lies in the space, and three proposals.
        #expect(result["outcomes"] as? [String: Int] == ["measured": 4, "rejected": 1])
        let rounds = try #require(result["rounds"] as? [[String: Any]])
        #expect(rounds.map { $0["rejected"] as? Int } == [2, 0] && rounds.map { $0["failed"] as? Int } == [0, 0])
        let prompt = try folder.read("run/rounds/1/prompt.txt")
        #expect(
            prompt.contains(#"- {"block_sizes":[128],"num_warps":1}: Helion: 128 elements are too many for 1 warp"#))
        #expect(prompt.contains("Your last 3 proposals: 1 measured, 2 rejected"))
        #expect(try folder.read("run/journal.jsonl").contains(#""origin":"compiler_seed""#))
    }
}
