import Foundation
import Testing

/// The examples that ship: sound, of a size worth tuning, and with replies that still fit.
@Suite struct ExampleTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// Measured live, on any machine.
    static let names = ["matmul-cpu", "stencil-cpu"]
    /// Measured on a GPU, with a recording of it.
    static let recorded = ["matmul", "layer_norm", "attention", "cross_entropy"]
    static let all = names + recorded

    private func path(_ name: String) -> String { Self.root.appending(path: "Examples/\(name)").path }

    @Test("the kernel file is sound, and its space has at least a thousand configs", arguments: all)
    func space(name: String) async throws {
        let run = try await Program.run(["check", path(name) + "/kernel.json", "--json"])
        #expect(run.exitCode == 0)
        #expect(run.errors.isEmpty)
        let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        #expect(try #require(document?["valid_configs"] as? Double) >= 1000)
    }

    @Test("the first recorded reply is measured, right, against the example's default", arguments: names)
    func replay(name: String) async throws {
        let folder = try Folder()
        // A budget of three: the default, which is checked against the reference, and two proposals.
        let run = try await Program.run(
            [
                path(name) + "/kernel.json", "--strategy", "llm", "--provider", "replay", "--model",
                path(name) + "/replies", "--rounds",
                "1",
                "--budget", "3", "--session", "run", "--run-limit", "60",
            ], in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        let result = try folder.json("run/result.json")
        #expect(result["outcomes"] as? [String: Int] == ["measured": 3])
        #expect(result["speedup"] is Double)
        let round = try #require((result["rounds"] as? [[String: Any]])?.first)
        #expect(round["proposed"] as? Int == 15)
    }

    @Test("each of three replies brings configs of the space", arguments: all, [0, 1, 2])
    func replies(name: String, round: Int) throws {
        let folder = path(name) + "/replies"
        let reply = try String(contentsOfFile: "\(folder)/round-\(round).txt", encoding: .utf8)
        #expect(reply.contains("\"configs\""))
        let record = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: "\(folder)/round-\(round).json")))
        let fields = try #require(record as? [String: String])
        #expect(fields["kind"] == "recorded reply")
        #expect(fields["model"] != nil && fields["date"] != nil)
    }

    @Test(
        "three rounds of a GPU run can be seen anywhere, with what each config took of the device", arguments: recorded)
    func recording(name: String) async throws {
        let folder = try Folder()
        let run = try await Program.run(
            [
                path(name) + "/kernel.json", "--recorded", path(name) + "/recording.t4.json.gz", "--strategy", "llm",
                "--provider", "replay",
                "--model", path(name) + "/replies", "--rounds", "3", "--no-limit-stop", "--session", "run",
            ], in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors.contains("NVIDIA H100"))
        let result = try folder.json("run/result.json")
        // Each reply has 15 configs, none of them rejected, and the recording holds all.
        #expect(result["outcomes"] as? [String: Int] == ["measured": 46])
        let best = try #require(result["best"] as? [String: Any])
        let resources = try #require(best["resources"] as? [String: Any])
        #expect(resources["registers_per_thread"] is Int && resources["share_of_limit"] is Double)
        let prompt = try String(contentsOfFile: folder.path + "/run/rounds/2/prompt.txt", encoding: .utf8)
        #expect(prompt.contains("Copy bandwidth: ") && prompt.contains("Least time of this kernel: "))
        #expect(prompt.contains(" registers, "))
    }
}
