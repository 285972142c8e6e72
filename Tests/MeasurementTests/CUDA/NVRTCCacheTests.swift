import Testing

@testable import Measurement

@Suite("Compiled once", .enabled(if: RealNVRTC.isThere, Comment(rawValue: RealNVRTC.missing)))
struct NVRTCCacheTests {
    private let cacheFolder: TemporaryFolder

    init() throws { cacheFolder = try TemporaryFolder() }

    private func compile(_ program: CUDAProgram) throws -> CUDACompilation {
        try RealNVRTC.compiler(cache: CubinCache(folder: cacheFolder.path)).compile(program)
    }

    @Test("the same program is taken from the cache; another source, header, macro, option or architecture is not")
    func keys() throws {
        let source = try TestSource(
            "#include \"a.h\"\nextern \"C\" __global__ void kernel(float *x) { x[0] = A; }",
            headers: ["a.h": "#define A 1\n"])
        let first = try compile(source.program())
        #expect(!first.isCached)
        let second = try compile(source.program())
        #expect(second.isCached)
        #expect(second.artifact == first.artifact)
        #expect(!(try compile(source.program(macros: ["N=1"])).isCached))
        #expect(!(try compile(source.program(options: ["--use_fast_math"])).isCached))
        #expect(!(try compile(source.program(architecture: "sm_86")).isCached))
        _ = try source.folder.write("#define A 2\n", to: "a.h")
        let changed = try compile(source.program())
        #expect(!changed.isCached)
        #expect(changed.artifact.image != first.artifact.image)
    }

    @Test("a header named by a macro is compiled each time")
    func computed() throws {
        let source = try TestSource(
            "#define NAME \"a.h\"\n#include NAME\nextern \"C\" __global__ void kernel(float *x) { x[0] = A; }",
            headers: ["a.h": "#define A 1\n"])
        #expect(!(try compile(source.program()).isCached))
        #expect(!(try compile(source.program()).isCached))
    }

    @Test("what does not compile is not kept")
    func failures() throws {
        let source = try TestSource("broken")
        #expect(throws: CUDACompileError.self) { try compile(source.program()) }
        #expect(FileSystem.names(in: cacheFolder.path).isEmpty)
    }
}
