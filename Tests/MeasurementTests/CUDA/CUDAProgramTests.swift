import Testing

@testable import Measurement

@Suite("The compiler's arguments")
struct CUDAProgramTests {
    @Test("macros and folders are single arguments, the user's options have the last word")
    func arguments() {
        let program = CUDAProgram(
            source: "/k/a.cu", function: "f", options: ["--use_fast_math", "-DN=3"], includePaths: ["/k/my headers"],
            macros: ["N=2", "MODE=fast"], architecture: "sm_90a")
        #expect(
            program.arguments(headers: ["/cuda/include"]) == [
                "--gpu-architecture=sm_90a", "--std=c++17", "-DN=2", "-DMODE=fast", "-I/k/my headers",
                "-I/cuda/include",
                "--use_fast_math", "-DN=3",
            ])
    }

    @Test("folders and headers are found in every spelling of the options")
    func folders() {
        let program = CUDAProgram(
            source: "/k/a.cu", function: "f",
            options: [
                "-I", "/a", "-I/b", "--include-path", "/c", "--include-path=/d", "-include", "x.h", "--pre-include=y.h",
                "-include-me-not",
            ], architecture: "sm_90a")
        #expect(program.optionFolders == ["/a", "/b", "/c", "/d"])
        #expect(program.forcedIncludes == ["x.h", "y.h"])
    }

    @Test(
        "a device's architecture is exact, with the instructions of its own generation",
        arguments: [(8, 0, "sm_80"), (8, 9, "sm_89"), (9, 0, "sm_90a"), (10, 0, "sm_100a"), (12, 0, "sm_120a")])
    func architectures(major: Int, minor: Int, name: String) {
        #expect(ComputeCapability(major: major, minor: minor).architecture == name)
    }
}
