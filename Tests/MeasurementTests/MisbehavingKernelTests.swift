import Foundation
import Measurement
import Testing

@Suite("Kernels that misbehave")
struct MisbehavingKernelTests {
    /// Doubles x; each variant does it, or something else, in its own way.
    static let source = #"""
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        #include <math.h>

        void kernel(const float *x, float *y) {
            for (int i = 0; i < 1000; i++) y[i] = 2 * x[i];
        #if variant_INDEX == 0 // slow
            for (int r = 0; r < 200; r++) for (int i = 0; i < 1000; i++) ((volatile float *)y)[i] = 2 * x[i];
        #elif variant_INDEX == 2 // crashes
            *(volatile int *)0 = 1;
        #elif variant_INDEX == 3 // aborts
            fprintf(stderr, "the tile does not divide\n");
            abort();
        #elif variant_INDEX == 4 // hangs
            for (volatile int forever = 1; forever;) {}
        #elif variant_INDEX == 5 // exits
            exit(3);
        #elif variant_INDEX == 6 // prints
            printf("{\"jsonrpc\":\"2.0\",\"id\":1}\n");
            fflush(stdout);
        #elif variant_INDEX == 7 // leaves a process
            FILE *group = fopen(GROUP, "w");
            fprintf(group, "%d", getpgrp());
            fclose(group);
            static int left;
            // One is enough: each has a copy of all that the worker then writes, and a flushed cache is large.
            if (left++ == 0 && fork() == 0) for (;;) pause();
        #elif variant_INDEX == 8 // comes back twice
            fork();
        #elif variant_INDEX == 9 // writes just outside
            y[1000] = 1;
        #elif variant_INDEX == 10 // writes far outside
            y[2000000] = 1;
        #elif variant_INDEX == 11 // gives NaN
            y[123] = NAN;
        #elif variant_INDEX == 12 // leaves elements unwritten
            memcpy(y + 700, (char *)y + 4000 - 1200, 0);
        #elif variant_INDEX == 13 // wrong
            for (int i = 0; i < 250; i++) y[4 * i + 2] = 3;
        #elif variant_INDEX == 14 // does not compile
            y[0] = no_such_name;
        #elif variant_INDEX == 15 // compiles for ever
        #elif variant_INDEX == 16 // writes before the start
            y[-1] = 1;
        #elif variant_INDEX == 17 // writes into its input
            ((float *)x)[5] = 0;
        #elif variant_INDEX == 18 // reads
            if (getchar() != EOF) y[0] = 0;
        #elif variant_INDEX == 19 // answers for the worker, to calls that are not under way
            const char *stray = "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}\n";
            for (int file = 3; file < 64; file++) if (write(file, stray, strlen(stray)) < 0) continue;
        #elif variant_INDEX == 20 // answers for the worker, to the first call of a fresh one
            const char *answer = "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n";
            for (int file = 3; file < 64; file++) if (write(file, answer, strlen(answer)) < 0) continue;
        #endif
        }

        #if variant_INDEX == 15 && __INCLUDE_LEVEL__ < 150
        #include __FILE__
        #include __FILE__
        #endif
        """#

    static let variants = [
        "slow", "fast", "crashes", "aborts", "hangs", "exits", "prints", "leaves_process", "comes_back_twice",
        "writes_just_outside", "writes_far_outside", "gives_nan", "leaves_unwritten", "wrong", "does_not_compile",
        "compiles_for_ever", "writes_before", "writes_input", "reads",
        "answers_strays", "answers_call",
    ]

    @Test("each has its own outcome, the run goes on, and the best is found")
    func outcomes() async throws {
        let folder = try TemporaryFolder()
        let kernel = try TestKernel(
            Self.source.replacing(
                "for (int i = 0; i < 1000; i++) y[i] = 2 * x[i];\n#if",
                with: "for (int i = variant_INDEX == 12 ? 700 : 0; i < 1000; i++) y[i] = 2 * x[i];\n#if"),
            variants: Self.variants, options: ["-DGROUP=\"\(folder.path)/group\""])
        var options = TestKernel.options
        options.runLimitSeconds = 2
        options.compileLimitSeconds = 4
        let evaluations = try await kernel.evaluations(of: Self.variants, options: options)

        #expect(
            evaluations.mapValues(\.outcome) == [
                "slow": .measured, "fast": .measured, "crashes": .runtimeError, "aborts": .runtimeError,
                "hangs": .runTimeout, "exits": .workerLost, "prints": .measured, "leaves_process": .measured,
                "comes_back_twice": .measured, "writes_just_outside": .wrongResult, "writes_far_outside": .runtimeError,
                "gives_nan": .wrongResult, "leaves_unwritten": .wrongResult, "wrong": .wrongResult,
                "does_not_compile": .compileError, "compiles_for_ever": .compileTimeout, "writes_before": .wrongResult,
                "writes_input": .wrongResult, "reads": .measured,
                "answers_strays": .workerLost, "answers_call": .workerLost,
            ])
        let reasons = evaluations.compactMapValues(\.reason)
        #expect(reasons["crashes"] == "killed by signal 11 (SIGSEGV)")
        #expect(reasons["aborts"] == "killed by signal 6 (SIGABRT); its last words: the tile does not divide")
        #expect(reasons["hangs"] == "a run did not end within 2 s")
        #expect(reasons["exits"] == "the kernel ended the worker: it exited with status 3")
        #expect(
            reasons["answers_strays"]?.hasPrefix(
                "the kernel disturbed the worker's answers: a response to request 99 came, ") == true)
        #expect(reasons["answers_call"]?.hasPrefix("the kernel disturbed the worker's answers: ") == true)
        #expect(reasons["writes_just_outside"] == "wrote outside argument y: 1 byte past its end")
        #expect(reasons["writes_before"] == "wrote outside argument y: 1 byte before its start")
        #expect(reasons["writes_input"] == "wrote into argument x, which is an input")
        #expect(reasons["gives_nan"]?.hasPrefix("y[1, 23] is nan where the reference has ") == true)
        #expect(reasons["leaves_unwritten"]?.hasPrefix("y[0, 0] was never written where the reference has ") == true)
        #expect(reasons["leaves_unwritten"]?.hasSuffix("; 70 % of y is off (700 of 1000 elements)") == true)
        #expect(reasons["wrong"]?.hasPrefix("y[0, 2] is 3.0 where the reference has ") == true)
        #expect(reasons["wrong"]?.hasSuffix("; 25 % of y is off (250 of 1000 elements)") == true)
        #expect(reasons["does_not_compile"]?.hasPrefix("kernel.c:43:12: error: ") == true)
        #expect(reasons["compiles_for_ever"] == "not compiled within 4 s")
        let slow = try #require(evaluations["slow"]?.timeMs)
        let fast = try #require(evaluations["fast"]?.timeMs)
        #expect(fast < slow)
        try await expectGroupIsGone(folder)
    }
}
