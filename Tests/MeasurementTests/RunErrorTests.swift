import ConfigSpace
import Foundation
import KernelSpec
import Measurement
import Testing

/// What makes measuring impossible altogether is an error of the run, said once and clearly.
@Suite("Errors of a run")
struct RunErrorTests {
    private func error(
        _ source: String, compiler: String? = nil, language: Language = .c, workerCommand: [String]? = nil
    ) async throws -> MeasurementError? {
        let kernel = try TestKernel(source, variants: ["only"], language: language, compiler: compiler)
        var options = TestKernel.options
        options.workerCommand = workerCommand ?? options.workerCommand
        do {
            _ = try await kernel.evaluations(of: ["only"], options: options)
            return nil
        } catch let error as MeasurementError {
            return error
        }
    }

    @Test("the default config does not compile")
    func doesNotCompile() async throws {
        let error = try #require(try await error("void kernel(const float *x, float *y) { y[0] = ; }"))
        #expect(error.kind == .referenceFailed)
        #expect(
            error.message.hasPrefix(
                "there is no reference to verify against: the default config does not compile: kernel.c:1:48: error: "))
    }

    @Test("the default config crashes")
    func crashes() async throws {
        let error = try #require(
            try await error("void kernel(const float *x, float *y) { *(volatile int *)0 = 0; }"))
        #expect(error.kind == .referenceFailed)
        #expect(
            error.message == "there is no reference to verify against: while the reference was computed, the worker "
                + "was killed by signal 11 (SIGSEGV)")
    }

    @Test("the default config leaves an element unwritten, or has NaN in it")
    func notAReference() async throws {
        let unwritten = try await error(
            "void kernel(const float *x, float *y) { for (int i = 0; i < 999; i++) y[i] = 1; }")
        #expect(
            unwritten?.message == "there is no reference to verify against: the reference never writes y[9, 99]")
        let nan = try await error(
            "void kernel(const float *x, float *y) { for (int i = 0; i < 1000; i++) y[i] = __builtin_inff() * 0; }")
        #expect(
            nan?.message == "there is no reference to verify against: the reference has NaN at y[0, 0]; choose inputs "
                + "that give none")
    }

    @Test("the function is not in the source")
    func noFunction() async throws {
        let error = try #require(try await error("int other;"))
        #expect(error.message.contains("kernel.entry.c:"))
        #expect(error.message.contains("implicit declaration of function 'kernel'"))
    }

    @Test("the compiler is not there")
    func noCompiler() async throws {
        let error = try #require(try await error("int other;", compiler: "no-such-compiler"))
        #expect(error.kind == .unsupported)
        #expect(error.message.hasPrefix("the compiler `no-such-compiler` cannot be run: "))
    }

    @Test("the worker program is not there, or is none")
    func noWorker() async throws {
        let missing = try #require(try await error("int other;", workerCommand: ["/no/such/autotune", "worker"]))
        #expect(missing.kind == .workerNotUsable)
        #expect(missing.message.hasPrefix("the worker `/no/such/autotune worker` could not be started: "))
        let none = try #require(
            try await error("int other;", workerCommand: ["sh", "-c", "echo no modules >&2; exit 2"]))
        #expect(
            none.message
                == "the worker `sh -c echo no modules >&2; exit 2` exited with status 2; its last words: no modules")
    }

    @Test("no worker runs the language")
    func language() async throws {
        let error = try #require(try await error("int other;", language: .hip))
        #expect(error.kind == .unsupported)
        #expect(error.message == "this worker does not run kernels in \"hip\"")
    }
}
