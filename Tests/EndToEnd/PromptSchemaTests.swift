import Foundation
import Testing

@Suite struct PromptSchemaTests {
    @Test("`prompt --schema` prints the form of a reply for the kernel's own space")
    func schema() async throws {
        let folder = try Folder()
        try TestKernel.write(modes: ["a", "b"], body: "right(n, x, y);", to: folder)
        let run = try await Program.run(
            ["prompt", "kernel.json", "--configs-per-round", "7", "--schema", "grammar"], in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(
            run.output == #"{"type":"object","properties":{"configs":{"type":"array","items":{"type":"object","#
                + #""properties":{"MODE":{"type":"string","enum":["a","b"]}},"required":[],"#
                + #""additionalProperties":false},"minItems":1,"maxItems":7}},"required":["configs"],"#
                + #""additionalProperties":false}"# + "\n")
    }

    @Test("an unknown kind of service is named with those that are known")
    func unknown() async throws {
        let run = try await Program.run(["prompt", "kernel.json", "--schema", "lama"])
        #expect(run.exitCode == 64)
        for name in ["openai", "anthropic", "gemini", "grammar"] { #expect(run.errors.contains(name)) }
        let both = try await Program.run(["prompt", "--session", "run", "--schema", "openai"])
        #expect(both.exitCode == 64)
        #expect(both.errors.contains("--schema"))
    }
}
