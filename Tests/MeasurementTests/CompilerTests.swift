import KernelSpec
import Testing

@testable import Measurement

@Suite("The C compiler")
struct CompilerTests {
    private func firstError(_ text: String) -> String? {
        CompilerDiagnosis(text, source: "/home/me/kernels/matmul.c", entryFile: "/tmp/x/matmul.entry.c").firstError
    }

    @Test("the first error is quoted, relative to the kernel's folder")
    func firstErrorLine() {
        #expect(
            firstError(
                """
                In file included from /tmp/x/matmul.entry.c:1:
                /home/me/kernels/matmul.c:3:9: warning: unused variable 'x'
                /home/me/kernels/tiles.h:12:5: error: unknown type name 'flaot'
                /home/me/kernels/matmul.c:20:1: error: expected '}'
                """) == "tiles.h:12:5: error: unknown type name 'flaot'")
        #expect(
            firstError("/home/me/kernels/matmul.c:1:10: fatal error: no.h: No such file or directory\n")
                == "matmul.c:1:10: fatal error: no.h: No such file or directory")
    }

    @Test("a linker's complaint is found behind its preamble")
    func linker() {
        #expect(
            firstError(
                """
                /usr/bin/ld: /tmp/x/cc1.o: in function `autotune_kernel':
                matmul.entry.c:(.text+0x9): undefined reference to `cblas_sgemm'
                collect2: error: ld returned 1 exit status
                """) == "matmul.entry.c:(.text+0x9): undefined reference to `cblas_sgemm'")
        #expect(
            firstError("cc: error: unrecognized command-line option '-fno-such'\n")
                == "cc: error: unrecognized command-line option '-fno-such'")
        #expect(firstError("") == nil)
    }

    @Test("the spec's compiler comes before the environment's, and that before the system's")
    func choice() throws {
        let plain = try Target(TestKernel("", variants: ["a"]).spec)
        let own = try Target(TestKernel("", variants: ["a"], compiler: "gcc-13").spec)
        let cPlusPlus = try Target(TestKernel("", variants: ["a"], language: .cPlusPlus).spec)
        #expect(CCompiler(target: plain, environment: [:]).command == ["cc"])
        #expect(CCompiler(target: cPlusPlus, environment: ["CC": "gcc"]).command == ["c++"])
        #expect(CCompiler(target: plain, environment: ["CC": "ccache  clang"]).command == ["ccache", "clang"])
        #expect(CCompiler(target: own, environment: ["CC": "clang"]).command == ["gcc-13"])
    }

    @Test("the user's options come after ours, each argument whole")
    func arguments() throws {
        let target = try Target(TestKernel("", variants: ["a"], options: ["-O1", "-DNAME=two words"]).spec)
        let arguments = CCompiler(target: target, environment: [:])
            .arguments(macros: ["a=1"], entryFile: "/t/e.c", output: "/t/a.so")
        #expect(arguments.first == "-O3")
        #expect(arguments.suffix(7) == ["-Da=1", "-O1", "-DNAME=two words", "-o", "/t/a.so", "/t/e.c", "-lm"])
        #expect(!arguments.contains("-fopenmp"))
    }
}
