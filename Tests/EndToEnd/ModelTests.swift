import Foundation
import Testing

/// The whole loop with models that are real programs.
@Suite struct ModelTests {
    private func kernel(_ folder: Folder) throws {
        try TestKernel.write(
            modes: ["slow", "fast", "wrong"],
            body: """
                right(n, x, y);
                    for (volatile int i = 0; i < (MODE == slow ? 300000 : 1000); i++);
                    if (MODE == wrong) y[0] += 1;
                """, to: folder)
        // Answers by what it was told: it keeps the last request, and proposes less each round.
        try folder.write(
            """
            import json, sys
            request = json.load(sys.stdin)
            replies = sum(message["role"] == "assistant" for message in request["messages"])
            json.dump(request, open("request-%d.json" % replies, "w"))
            print([
                'Sure! ```json\\n{"configs": [{"MODE": "fast"}, {"MODE": "fats"}, {"MODES": "fast"}, {"MODE": "wrong"}]}\\n```',
                '{"configs":[{"MODE":"fast"}]}',
                '{"configs":[{"MODE":"fast"}]}',
                'I have nothing to add.',
                'I have nothing to add.',
            ][replies])
            """, to: "model.py")
    }

    private let command = ["--provider", "command", "--model", "python3 model.py", "--session", "run"]
    /// The model alone.
    private var alone: [String] { command + ["--strategy", "llm"] }

    @Test("three rounds: proposals are measured, reasons go back to the model, files and result are complete")
    func rounds() async throws {
        let folder = try Folder()
        try kernel(folder)
        let run = try await Program.run(["kernel.json", "--rounds", "3"] + alone, in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("round 0  4 proposed, 1 measured, 1 failed, 2 rejected"))
        #expect(run.errors.contains("did you mean"))
        #expect(run.errors.contains("note: the reply held no config"))
        #expect(run.output.contains("\n" + #"{"MODE":"fast"}"# + "\n"))
        #expect(run.output.contains("session run"))

        let refinement = try folder.read("run/rounds/1/prompt.txt")
        #expect(refinement.contains("=== assistant ==="))
        #expect(refinement.contains("## Rejected without measuring"))
        #expect(refinement.contains(#"{"MODE":"fats"}"#))
        #expect(refinement.contains("- wrongResult: {\"MODE\":\"wrong\"}"))
        #expect(try folder.read("run/rounds/2/prompt.txt").contains("duplicate of a config of round 0"))

        let result = try folder.json("run/result.json")
        #expect(result["evaluations"] as? Int == 3)
        let rounds = try #require(result["rounds"] as? [[String: Any]])
        #expect(rounds.map { $0["proposed"] as? Int } == [4, 1, 0])
        #expect(rounds.map { $0["rejected"] as? Int } == [2, 1, 0])

        let schema = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Docs/result.schema.json").path
        let errors = try await Python.schemaErrors(of: folder.path + "/run/result.json", by: schema)
        #expect(errors ?? [] == [])
    }

    @Test("a reply of which nothing can be used is answered with the reasons, once, and the next one counts")
    func askedAgain() async throws {
        let folder = try Folder()
        try kernel(folder)
        try folder.write(
            """
            import json, sys
            request = json.load(sys.stdin)
            print('{"configs":[{"MODE":"%s"}]}' % ("fast" if len(request["messages"]) > 2 else "fastest"))
            """, to: "model.py")
        let run = try await Program.run(["kernel.json", "--rounds", "1"] + alone, in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.components(separatedBy: "asked again, with the reasons").count == 2)
        #expect(run.errors.contains("1 proposed, 1 measured"))
        #expect(run.output.contains("\n" + #"{"MODE":"fast"}"# + "\n"))
        let prompt = try folder.read("run/rounds/0/prompt.txt")
        #expect(prompt.contains(#"- {"MODE":"fastest"}: "#))
        #expect(prompt.contains("return only {\"configs\":[…]}"))
        #expect(try folder.read("run/rounds/0/reply.txt").contains(#"{"MODE":"fast"}"#))
    }

    @Test("prompt prints exactly what round 0 sends, and what a session sent")
    func prompt() async throws {
        let folder = try Folder()
        try kernel(folder)
        #expect(try await Program.run(["kernel.json", "--rounds", "2"] + command, in: folder).exitCode == 0)
        let before = try await Program.run(["prompt", "kernel.json", "--rounds", "2", "--json"], in: folder)
        #expect(before.exitCode == 0)
        #expect(before.output == (try folder.read("run/rounds/0/prompt.json")))
        let sent = try await Program.run(["prompt", "--session", "run", "--round", "1"], in: folder)
        #expect(sent.output == (try folder.read("run/rounds/1/prompt.txt")))
        let request = try folder.json("request-0.json")
        let messages = try JSONSerialization.data(withJSONObject: request["messages"] ?? [], options: [.sortedKeys])
        let kept = try JSONSerialization.jsonObject(with: Data(before.output.utf8))
        #expect(messages == (try JSONSerialization.data(withJSONObject: kept, options: [.sortedKeys])))
        let missing = try await Program.run(["prompt", "--session", "run", "--round", "7"], in: folder)
        #expect(missing.exitCode == 64)
        #expect(missing.errors.contains("run holds no prompt of round 7"))
    }

    @Test("a model that cannot be reached ends the run with exit code 69, and the default's result is kept")
    func unreachable() async throws {
        let folder = try Folder()
        try kernel(folder)
        let run = try await Program.run(
            ["kernel.json", "--model", "some-model", "--base-url", "http://127.0.0.1:9/v1", "--session", "run"]
                + ["--strategy", "llm"], in: folder)
        #expect(run.exitCode == 69, "\(run.errors)")
        #expect(run.errors.contains("127.0.0.1"))
        let result = try folder.json("run/result.json")
        #expect(result["stopped"] as? String == "model_unavailable")
        #expect(result["default"] != nil)
    }

    @Test("a model that fails in a later round costs nothing that was measured")
    func failsLater() async throws {
        let folder = try Folder()
        try kernel(folder)
        try folder.write(
            """
            import json, sys
            request = json.load(sys.stdin)
            if len(request["messages"]) > 2: sys.exit("the model is out for lunch")
            print('{"configs":[{"MODE":"fast"}]}')
            """, to: "model.py")
        let run = try await Program.run(["kernel.json"] + alone, in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("the model is out for lunch"))
        #expect(run.output.contains(#"{"MODE":"fast"}"#))
        #expect(run.output.contains("stopped because the model did not answer"))
    }

    /// The model writes its second config once a kernel of the first has run, and ends once one of the second has.
    private func waitingModel(_ folder: Folder) throws {
        let signal = folder.path + "/signal"
        try TestKernel.write(
            modes: ["slow", "fast", "other"],
            body: """
                right(n, x, y);
                    for (volatile int i = 0; i < (MODE == slow ? 300000 : 1000); i++);
                    if (MODE == slow) return;
                    int signal = open("\(signal)", O_RDWR | O_NONBLOCK);
                    if (write(signal, MODE == fast ? "f" : "o", 1)) close(signal);
                """, prelude: "#include <fcntl.h>", to: folder)
        try folder.write(
            """
            import os
            signal = os.open("signal", os.O_RDWR)
            def wait_for(letter):
                while os.read(signal, 1) != letter: pass
            print('{"configs":[{"MODE":"fast"},', flush=True)
            wait_for(b"f")
            print('{"MODE":"other"},', flush=True)
            wait_for(b"o")
            print('{"MODE":"slow"}]}')
            """, to: "model.py")
        #expect(mkfifo(signal, 0o600) == 0)
    }

    @Test("what the model has written is measured while it still writes")
    func early() async throws {
        let folder = try Folder()
        try waitingModel(folder)
        let run = try await Program.run(["kernel.json", "--rounds", "1"] + alone, in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("of its configs were measured meanwhile"))
        let rounds = try #require(try folder.json("run/result.json")["rounds"] as? [[String: Any]])
        #expect((rounds.first?["early"] as? Int ?? 0) >= 1)
        #expect(rounds.first?["measured"] as? Int == 2)
        #expect(run.output.contains("nothing measured") == false)
    }

    @Test("a model that breaks off in the middle of a reply costs nothing of what it had written")
    func breaksOff() async throws {
        let folder = try Folder()
        try waitingModel(folder)
        let model = try folder.read("model.py").replacing("print('{\"MODE\":\"slow\"}]}')", with: "os.abort()")
        try folder.write(model, to: "model.py")
        let run = try await Program.run(["kernel.json", "--rounds", "1"] + alone, in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("was killed by signal 6"))
        #expect(run.output.contains("stopped because the model did not answer"))
        let best = try #require(try folder.json("run/result.json")["best"] as? [String: Any])
        #expect((best["config"] as? [String: String])?["MODE"] != "slow")
    }

    @Test("a hybrid whose model stays away goes on without it, and says so")
    func hybridWithoutModel() async throws {
        let folder = try Folder()
        try kernel(folder)
        try folder.write("import sys; sys.exit('the model is out for lunch')", to: "model.py")
        let run = try await Program.run(["kernel.json", "--strategy", "hybrid", "--budget", "3"] + command, in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("the model is out for lunch"))
        #expect(run.errors.contains("The search goes on with bayes, without the model."))
        #expect(run.output.contains("\n" + #"{"MODE":"fast"}"# + "\n"))
    }
}
