import Foundation
import Testing

@Suite struct ResumeTests {
    /// A kernel that, once, sends a signal to the program itself while the third config is running.
    private func kernel(signal: String, in folder: Folder) throws {
        try TestKernel.write(
            modes: ["a", "b", "c", "d", "e"],
            body: """
                right(n, x, y);
                    if (MODE == c && access("\(folder.path)/sent", F_OK) != 0) {
                        fclose(fopen("\(folder.path)/sent", "w"));
                        kill(getppid(), \(signal));
                        for (;;) pause();
                    }
                """, to: folder)
    }

    private func evaluated(_ folder: Folder) throws -> [String] {
        try folder.read("run/journal.jsonl").split(separator: "\n").filter { $0.contains(#""event":"evaluation""#) }
            .map(String.init)
    }

    @Test("a killed run resumes, and measures no config twice")
    func killed() async throws {
        let folder = try Folder()
        try kernel(signal: "SIGKILL", in: folder)
        let arguments = ["kernel.json", "--strategy", "exhaustive", "--session", "run", "--jobs", "1"]
        let killed = try await Program.run(arguments, in: folder)
        #expect(killed.exitCode == -9)
        let before = try evaluated(folder)
        #expect(!before.isEmpty && before.count < 5)

        let again = try await Program.run(arguments, in: folder)
        #expect(again.exitCode == 64)
        #expect(again.errors.contains("run holds a session already: give --resume to go on with it"))

        let resumed = try await Program.run(arguments + ["--resume"], in: folder)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains("resumed with \(before.count) evaluations"))
        let after = try evaluated(folder)
        #expect(Array(after.prefix(before.count)) == before)
        #expect(Set(try TestKernel.evaluations(folder).keys) == ["a", "b", "c", "d", "e"])
        #expect(after.count == 5)
    }

    @Test("a run that is killed while the model writes sends the same prompt again, and measures nothing twice")
    func killedWhileAsking() async throws {
        let folder = try Folder()
        try kernel(signal: "SIGKILL", in: folder)
        // The first time it writes until the program is gone.
        try folder.write(
            """
            import json, os, sys, time
            request = json.load(sys.stdin)
            first = not os.path.exists("first.json")
            json.dump(request, open("first.json" if first else "second.json", "w"))
            print('{"configs":[{"MODE":"b"},{"MODE":"c"},', flush=True)
            program = os.getppid()
            while first and os.getppid() == program: time.sleep(0.01)
            print('{"MODE":"d"}]}')
            """, to: "model.py")
        let arguments = [
            "kernel.json", "--strategy", "llm", "--rounds", "1", "--provider", "command", "--model", "python3 model.py",
            "--session", "run",
            "--jobs", "1",
        ]
        let killed = try await Program.run(arguments, in: folder)
        #expect(killed.exitCode == -9)
        let before = try evaluated(folder)
        #expect(before.contains { $0.contains(#""MODE":"b""#) })

        let resumed = try await Program.run(arguments + ["--resume"], in: folder)
        #expect(resumed.exitCode == 0, "\(resumed.errors)")
        #expect(try folder.read("first.json") == folder.read("second.json"))
        let after = try evaluated(folder)
        #expect(Array(after.prefix(before.count)) == before)
        #expect(after.count == 4)
        #expect(Set(try TestKernel.evaluations(folder).keys) == ["a", "b", "c", "d"])
        let rounds = try #require(try folder.json("run/result.json")["rounds"] as? [[String: Any]])
        #expect(rounds.first?["proposed"] as? Int == 3 && rounds.first?["measured"] as? Int == 3)
    }

    @Test("an interrupted run ends with exit code 130 and its best so far on disk")
    func interrupted() async throws {
        let folder = try Folder()
        try kernel(signal: "SIGINT", in: folder)
        let run = try await Program.run(
            ["kernel.json", "--strategy", "exhaustive", "--session", "run", "--jobs", "1"], in: folder)
        #expect(run.exitCode == 130, "\(run.errors)")
        let result = try folder.json("run/result.json")
        #expect(result["stopped"] as? String == "interrupted")
        #expect(result["best"] != nil)
    }

    @Test("a session is not resumed with a kernel that changed")
    func changed() async throws {
        let folder = try Folder()
        try TestKernel.write(modes: ["a", "b"], body: "right(n, x, y);", to: folder)
        let arguments = ["kernel.json", "--strategy", "random", "--session", "run", "--rounds", "1"]
        #expect(try await Program.run(arguments, in: folder).exitCode == 0)
        try TestKernel.write(modes: ["a", "b", "c"], body: "right(n, x, y);", to: folder)
        let run = try await Program.run(arguments + ["--resume"], in: folder)
        #expect(run.exitCode == 65)
        #expect(run.errors.contains("run was run with another kernel file or source"))
    }
}
