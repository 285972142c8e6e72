import Foundation
import Testing

/// Kernels that misbehave in every way a kernel can: each gets its own outcome, and the run goes on.
@Suite struct FaultTests {
    @Test("each fault has its own outcome with a reason, the run goes on, and the best is found")
    func faults() async throws {
        let folder = try Folder()
        try TestKernel.write(
            modes: [
                "plain", "quick", "crashes", "hangs", "prints", "leaves", "writes_outside", "gives_nan", "unwritten",
                "wrong",
                "no_compile",
            ],
            body: """
                #if MODE == no_compile
                    this is not C;
                #elif MODE == plain
                    for (int repeat = 0; repeat < 400; repeat++) { right(n, x, y); __asm__ volatile("" ::: "memory"); }
                #elif MODE == unwritten
                    for (int i = 0; i < n; i++) if (i != 5) y[i] = 2 * x[i];
                #else
                    right(n, x, y);
                #endif
                    if (MODE == crashes) *(volatile int *)8 = 1;
                    if (MODE == hangs) for (volatile int i = 0;; i++);
                    if (MODE == prints) { printf("{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1}\\n"); fflush(stdout); for (volatile int i = 0; i < 1000000; i++); }
                    if (MODE == leaves) exit(3);
                    if (MODE == writes_outside) y[n] = 1;
                    if (MODE == gives_nan) y[7] = NAN;
                    if (MODE == wrong) y[9] += 1;
                """, to: folder)
        let run = try await Program.run(
            ["kernel.json", "--strategy", "exhaustive", "--session", "run", "--run-limit", "2"], in: folder)
        #expect(run.exitCode == 0, "\(run.errors)")
        let evaluations = try TestKernel.evaluations(folder)
        let outcomes = evaluations.mapValues { $0["outcome"] as? String ?? "" }
        #expect(
            outcomes == [
                "plain": "measured", "quick": "measured", "crashes": "runtimeError", "hangs": "runTimeout",
                "prints": "measured", "leaves": "workerLost", "writes_outside": "wrongResult",
                "gives_nan": "wrongResult",
                "unwritten": "wrongResult", "wrong": "wrongResult", "no_compile": "compileError",
            ])
        func reason(_ mode: String) -> String { evaluations[mode]?["reason"] as? String ?? "" }
        #expect(reason("crashes").contains("SIGSEGV"))
        #expect(reason("leaves").contains("3"))
        #expect(reason("writes_outside").contains("outside") && reason("writes_outside").contains("y"))
        #expect(reason("gives_nan").contains("7"))
        #expect(reason("unwritten").contains("5"))
        #expect(reason("wrong").contains("9"))
        #expect(reason("no_compile").hasPrefix("kernel.c:"))
        let best = try #require(folder.json("run/result.json")["best"] as? [String: Any])
        #expect((best["config"] as? [String: Any])?["MODE"] as? String == "quick")
        #expect(run.output.contains(#"{"MODE":"quick"}"#))
    }

    @Test("a kernel of which no config works ends with exit code 65 and says why")
    func nothingWorks() async throws {
        let folder = try Folder()
        try TestKernel.write(modes: ["one", "two"], body: "y[0] = NAN;", to: folder)
        let run = try await Program.run(["kernel.json", "--strategy", "exhaustive", "--session", "run"], in: folder)
        #expect(run.exitCode == 65)
        #expect(run.output.contains("nothing was measured"))
        #expect(run.errors.contains("wrongResult"))
        #expect(folder.exists("run/result.json"))
    }
}
