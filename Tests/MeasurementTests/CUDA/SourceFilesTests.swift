import Foundation
import Testing

@testable import Measurement

@Suite("The files a source is made of")
struct SourceFilesTests {
    private func fingerprint(_ program: CUDAProgram, headers: [String] = []) throws -> [String]? {
        try SourceFiles(program, headers: headers).fingerprint
    }

    @Test("directives are found however they are spaced, and computed ones are noticed")
    func directives() {
        let plain = IncludeDirectives(
            Array("#include \"a.h\"\n  #  include   <b/c.h> // why\n#include_next<d.h>\r\nint include = 1;\n".utf8))
        #expect(plain.names == ["a.h", "b/c.h", "d.h"])
        #expect(!plain.isComputed)
        #expect(IncludeDirectives(Array("#include HEADER\n".utf8)).isComputed)
        #expect(IncludeDirectives(Array("#define N 1\n#if N\n".utf8)) == IncludeDirectives([]))
    }

    @Test("a change in a header that a header includes changes the fingerprint, a change elsewhere does not")
    func nested() throws {
        let source = try TestSource(
            "#include \"inc/a.h\"\n",
            headers: ["inc/a.h": "#include \"b.h\"\n", "inc/b.h": "#define B 1\n", "unused.h": ""])
        let before = try fingerprint(source.program())
        #expect(before?.count == 3)
        _ = try source.folder.write("// changed", to: "unused.h")
        #expect(try fingerprint(source.program()) == before)
        _ = try source.folder.write("#define B 2\n", to: "inc/b.h")
        #expect(try fingerprint(source.program()) != before)
    }

    @Test("headers are looked for in the spec's folders and in those of its options")
    func folders() throws {
        let source = try TestSource(
            "#include <a.h>\n#include <b.h>\n", headers: ["one/a.h": "", "two/b.h": "", "forced.h": ""])
        let found = try fingerprint(
            source.program(
                options: ["-I\(source.folder.path)/two", "-include", "forced.h"],
                includePaths: ["\(source.folder.path)/one"]))
        #expect(found?.count == 4)
    }

    @Test("files that include each other end")
    func circles() throws {
        let source = try TestSource(
            "#include \"a.h\"\n", headers: ["a.h": "#include \"b.h\"\n", "b.h": "#include \"a.h\"\n"])
        #expect(try fingerprint(source.program())?.count == 3)
    }

    @Test("a header named by a macro cannot be told, nor what it contains")
    func computed() throws {
        let source = try TestSource("#include \"a.h\"\n", headers: ["a.h": "#include NAME\n"])
        #expect(try fingerprint(source.program()) == nil)
    }

    @Test("CUDA's own headers count by size and time")
    func systemHeaders() throws {
        let source = try TestSource("#include <cuda_fp16.h>\n", headers: ["cuda/cuda_fp16.h": "#include <no.h>\n"])
        let before = try fingerprint(source.program(), headers: ["\(source.folder.path)/cuda"])
        #expect(before?.count == 2)
        _ = try source.folder.write("// another version\n", to: "cuda/cuda_fp16.h")
        #expect(try fingerprint(source.program(), headers: ["\(source.folder.path)/cuda"]) != before)
    }

    @Test("a source that is not there is told")
    func noSource() {
        let program = CUDAProgram(source: "/no/such/kernel.cu", function: "f", architecture: "sm_90a")
        #expect(throws: CUDACompileError.unusable("the source /no/such/kernel.cu cannot be read")) {
            try SourceFiles(program, headers: [])
        }
    }
}
