import Foundation
import Testing

/// `autotune models` and `autotune doctor`: what is there, what would be used, what to do for what is missing.
@Suite struct DoctorTests {
    @Test("models says which model would be asked, by what, and never shows a key")
    func models() async throws {
        let run = try await Program.run(
            ["models", "--model", "claude-opus-4-5"], environment: ["ANTHROPIC_API_KEY": "sk-ant-secret-0123456789"])
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.output.contains("key from ANTHROPIC_API_KEY"))
        #expect(
            run.output.contains("claude-opus-4-5 (anthropic) would be asked; its provider is known by the model's name")
        )
        #expect(run.output.contains("openai      "))
        #expect(run.output.contains("not configured: set OPENAI_API_KEY"))
        #expect(!run.output.contains("0123456789"))
        #expect(!run.errors.contains("0123456789"))
    }

    @Test("models without a model ends with exit code 69 and says what to give, in JSON too")
    func noModel() async throws {
        let run = try await Program.run(["models", "--json"])
        #expect(run.exitCode == 69)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect((document["problem"] as? String ?? "").contains("--model NAME"))
        #expect((document["providers"] as? [[String: Any]])?.count ?? 0 > 10)
    }

    @Test("doctor asks the model for a word and names the compiler; what does not work comes with what to do")
    func doctor() async throws {
        let run = try await Program.run(
            ["doctor", "--provider", "command", "--model", "echo ready", "--python", "/nowhere/python"],
            environment: ["CXX": "/nowhere/c++"])
        #expect(run.exitCode == 0, "\(run.errors)")
        let lines = run.outputLines
        #expect(lines.contains { $0.hasPrefix("C       works") })
        #expect(lines.contains { $0.hasPrefix("C++     no") && $0.contains("/nowhere/c++") })
        #expect(run.output.contains("or name one in CXX"))
        #expect(run.output.contains("name an interpreter with --python") || run.output.contains("Name an interpreter"))
        #expect(lines.contains { $0.hasPrefix("model   works     command echo answered in") })
    }

    @Test("doctor with a server that does not answer ends with exit code 69 and names its address")
    func noServer() async throws {
        let run = try await Program.run(
            ["doctor", "--model", "x", "--base-url", "http://127.0.0.1:9/v1", "--model-retries", "0"])
        #expect(run.exitCode == 69)
        #expect(run.output.contains("model   no        Nothing answers at http://127.0.0.1:9"))
    }
}
