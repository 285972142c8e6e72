import ConfigSpace
import Foundation
import KernelSpec
import Testing

@testable import Measurement

@Suite("The worker evaluator")
struct EvaluatorTests {
    static let source = #"""
        void kernel(const float *x, float *y) {
        #if variant_INDEX == 1
            for (int r = 0; r < 300; r++)
        #endif
            for (int i = 0; i < 1000; i++) ((volatile float *)y)[i] = 2 * x[i];
        }
        """#
    static let variants = ["plain", "slow", "same"]

    @Test("the device is this machine, with its compiler")
    func device() async throws {
        let kernel = try TestKernel(Self.source, variants: Self.variants)
        let device = try await withWorkerEvaluator(spec: kernel.spec, options: TestKernel.options) { $0.device }
        #expect(!device.name.isEmpty)
        let facts = Dictionary(uniqueKeysWithValues: device.facts.map { ($0.name, $0.value) })
        #expect(facts["Cores"] == "\(ProcessInfo.processInfo.activeProcessorCount)")
        #expect(facts["Memory"]?.hasSuffix(" GiB") == true)
        #expect(facts["Compiler"]?.isEmpty == false)
    }

    @Test("finalists come back in the order they were given, ties and all")
    func retime() async throws {
        let kernel = try TestKernel(Self.source, variants: Self.variants)
        let evaluations = try await withWorkerEvaluator(spec: kernel.spec, options: TestKernel.options) { evaluator in
            try await evaluator.evaluate([kernel.config("slow")]) { _ in }
            // The other two were never evaluated here: a resumed session's finalists are compiled first.
            return try await evaluator.retime(["slow", "plain", "same"].map(kernel.config))
        }
        #expect(evaluations.map(\.config) == ["slow", "plain", "same"].map(kernel.config))
        #expect(evaluations.map(\.outcome) == [.measured, .measured, .measured])
        let timings = evaluations.compactMap(\.timing)
        let fastest = try #require(timings.min { $0.medianMs < $1.medianMs })
        #expect(!timings[0].isTiedWithFastest)
        #expect(fastest.isTiedWithFastest)
    }

    @Test("a config that is right on one input only is found out on fresh ones")
    func freshInputs() async throws {
        let x = try TestKernel.xAndY[0].bytes()
        let first = (0..<4).reduce(UInt32(0)) { $0 | UInt32(x[$1]) << UInt32(8 * $1) }
        let source = #"""
            #include <stdint.h>
            void kernel(const float *x, float *y) {
                for (int i = 0; i < 1000; i++) y[i] = 2 * x[i];
            #if variant_INDEX == 1
                if (*(const uint32_t *)x != SEEN) y[7] = 0;
            #elif variant_INDEX == 2
                if (*(const uint32_t *)x != SEEN) *(volatile int *)0 = 0;
            #endif
            }
            """#
        let kernel = try TestKernel(
            source, variants: ["right", "overfitted", "crashes"], options: ["-DSEEN=\(first)u", "-fno-strict-aliasing"])
        let configs = ["right", "overfitted", "crashes"].map(kernel.config)
        let evaluations = try await withWorkerEvaluator(spec: kernel.spec, options: TestKernel.options) { evaluator in
            var outcomes: [Outcome] = []
            try await evaluator.evaluate(configs) { outcomes.append($0.outcome) }
            #expect(outcomes == [.measured, .measured, .measured])
            return try await evaluator.retime(configs)
        }
        #expect(evaluations.map(\.outcome) == [.measured, .wrongResult, .runtimeError])
        #expect(evaluations[1].reason?.hasPrefix("on fresh inputs: y[0, 7] is 0.0 where") == true)
        #expect(evaluations[2].reason == "killed by signal 11 (SIGSEGV)")
    }

    @Test("a finalist that dies while timed side by side gets its outcome, the others their times")
    func dyingFinalist() async throws {
        let source = #"""
            void kernel(const float *x, float *y) {
                for (int i = 0; i < 1000; i++) y[i] = 2 * x[i];
            #if variant_INDEX == 1
                static int runs;
                if (++runs > LIMIT) *(volatile int *)0 = 0;
            #endif
            }
            """#
        // Verified in one run, crashing in the runs that follow.
        let kernel = try TestKernel(source, variants: ["right", "dies", "also"], options: ["-DLIMIT=1"])
        let evaluations = try await withWorkerEvaluator(spec: kernel.spec, options: TestKernel.options) { evaluator in
            try await evaluator.retime(["right", "dies", "also"].map(kernel.config))
        }
        #expect(evaluations.map(\.outcome) == [.measured, .runtimeError, .measured])
    }

    @Test("an evaluation that is given up leaves the evaluator usable, and its scope no process")
    func givenUp() async throws {
        struct Stop: Error {}
        let kernel = try TestKernel(Self.source, variants: Self.variants)
        let outcomes = try await withWorkerEvaluator(spec: kernel.spec, options: TestKernel.options) { evaluator in
            await #expect(throws: Stop.self) {
                try await evaluator.evaluate(Self.variants.map(kernel.config)) { _ in throw Stop() }
            }
            var outcomes: [Outcome] = []
            try await evaluator.evaluate([kernel.config("plain")]) { outcomes.append($0.outcome) }
            return outcomes
        }
        #expect(outcomes == [.measured])
    }

    @Test("cancelling ends a run whose kernel hangs, and removes its artifacts")
    func cancellation() async throws {
        let folder = try TemporaryFolder()
        let kernel = try TestKernel(
            #"""
            #include <stdio.h>
            #include <unistd.h>
            void kernel(const float *x, float *y) {
                for (int i = 0; i < 1000; i++) y[i] = x[i];
            #if variant_INDEX == 1
                FILE *file = fopen(GROUP, "w");
                fprintf(file, "%d", getpgrp());
                fclose(file);
                file = fopen(ENTRY, "w");
                fprintf(file, "%s.", __BASE_FILE__);
                fclose(file);
                for (;;) pause();
            #endif
            }
            """#, variants: ["right", "hangs"],
            options: ["-DGROUP=\"\(folder.path)/group\"", "-DENTRY=\"\(folder.path)/entry\""])
        let task = Task {
            try await withWorkerEvaluator(spec: kernel.spec, options: TestKernel.options) { evaluator in
                try await evaluator.evaluate([kernel.config("hangs")]) { _ in }
            }
        }
        var entry = ""
        while !entry.hasSuffix(".") {
            await Task.yield()
            entry = (try? String(contentsOfFile: "\(folder.path)/entry", encoding: .utf8)) ?? ""
        }
        // The generated source lies among the artifacts.
        entry.removeLast()
        #expect(FileManager.default.fileExists(atPath: entry))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!FileManager.default.fileExists(atPath: entry))
        try await expectGroupIsGone(folder)
    }

    @Test("a launcher prefix starts the workers")
    func launcher() async throws {
        let folder = try TemporaryFolder()
        let launcher = try folder.write(
            "#!/bin/sh\necho 'Welcome to this host'\necho started >> \(folder.path)/starts\nexec \"$@\"\n",
            to: "launcher", isExecutable: true)
        let kernel = try TestKernel(Self.source, variants: Self.variants)
        var options = TestKernel.options
        options.launcher = [launcher]
        options.compileJobs = 2
        let evaluations = try await kernel.evaluations(of: ["plain", "slow"], options: options)
        #expect(evaluations.values.allSatisfy { $0.outcome == .measured })
        let starts = try String(contentsOfFile: "\(folder.path)/starts", encoding: .utf8)
        #expect((2...3).contains(starts.split(separator: "\n").count))
    }

    @Test("what one config broke in its worker is not the next one's fault")
    func undermined() async throws {
        let kernel = try TestKernel(
            #"""
            #include <stdlib.h>
            void kernel(const float *x, float *y) {
                for (int i = 0; i < 1000; i++) y[i] = x[i];
            #if variant_INDEX == 1
                setenv("UNDERMINED", "1", 1);
            #elif variant_INDEX == 2
                if (getenv("UNDERMINED")) abort();
            #endif
            }
            """#, variants: ["plain", "undermines", "victim"])
        let evaluations = try await kernel.evaluations(of: ["undermines", "victim"])
        #expect(evaluations.mapValues(\.outcome) == ["undermines": .measured, "victim": .measured])
    }

    @Test("a config may take eight times as long to compile as usual, from 3 to 15 s, unless the user says otherwise")
    func compileLimit() {
        #expect(CompileLimit.seconds(fixed: nil, usual: nil) == 15)
        #expect(CompileLimit.seconds(fixed: nil, usual: 0.2) == 3)
        #expect(CompileLimit.seconds(fixed: nil, usual: 1) == 8)
        #expect(CompileLimit.seconds(fixed: nil, usual: 4) == 15)
        #expect(CompileLimit.seconds(fixed: 60, usual: 0.2) == 60)
    }

    @Test(
        "a compiler that hangs is killed with its worker, by a limit or by what configs usually take",
        arguments: [3, nil])
    func hangingCompiler(limit: Double?) async throws {
        let folder = try TemporaryFolder()
        let compiler = try folder.write(
            """
            #!/bin/sh
            case "$*" in
            *-Dvariant=hangs*) cut -d' ' -f5 /proc/$$/stat > \(folder.path)/group; sleep 1000;;
            esac
            exec cc "$@"
            """, to: "compiler", isExecutable: true)
        let kernel = try TestKernel(Self.source, variants: ["plain", "slow", "hangs"], compiler: compiler)
        var options = TestKernel.options
        options.compileLimitSeconds = limit
        options.compileJobs = 1
        let evaluations = try await kernel.evaluations(of: ["plain", "hangs", "slow"], options: options)
        #expect(
            evaluations.mapValues(\.outcome) == ["plain": .measured, "hangs": .compileTimeout, "slow": .measured])
        // The others compile in a fraction of a second.
        #expect(evaluations["hangs"]?.reason != "not compiled within \(Int(CompileLimit.mostSeconds)) s")
        try await expectGroupIsGone(folder)
    }
}
