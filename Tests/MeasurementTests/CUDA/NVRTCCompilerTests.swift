import ConfigSpace
import Foundation
import Testing

@testable import Measurement

@Suite("Compiling by NVRTC", .enabled(if: RealNVRTC.isThere, Comment(rawValue: RealNVRTC.missing)))
struct NVRTCCompilerTests {
    private func reason(_ source: TestSource, _ program: CUDAProgram? = nil) -> String? {
        do {
            _ = try RealNVRTC.compiler().compile(program ?? source.program())
            return nil
        } catch let error as CUDACompileError {
            return "\(error)"
        } catch {
            return "another error: \(error)"
        }
    }

    @Test(
        "a kernel becomes machine code for each architecture",
        arguments: RealNVRTC.isNew ? ["sm_80", "sm_90a", "sm_100", "sm_100a"] : ["sm_80"])
    func architectures(architecture: String) throws {
        let source = try TestSource("extern \"C\" __global__ void kernel(float *x) { x[threadIdx.x] *= 2; }")
        let artifact = try RealNVRTC.compiler().compile(source.program(architecture: architecture)).artifact
        #expect(artifact.image.prefix(4) == [0x7F, 0x45, 0x4C, 0x46])
        #expect(artifact.symbols == ["kernel": "kernel"])
        let resources = artifact.resources(of: "kernel")
        #expect((1...32).contains(resources.registersPerThread ?? 0))
        #expect(resources.spillBytes == 0)
        #expect(resources.codeBytes == artifact.image.count)
    }

    @Test(
        "instructions of the device's own generation compile for its exact architecture only",
        .enabled(if: RealNVRTC.isNew, "NVRTC is older than 12.8"))
    func exactArchitecture() throws {
        let source = try TestSource(
            "extern \"C\" __global__ void kernel() { asm volatile(\"setmaxnreg.inc.sync.aligned.u32 240;\"); }")
        #expect(reason(source, source.program(architecture: "sm_90a")) == nil)
        #expect(reason(source, source.program(architecture: "sm_90"))?.contains("setmaxnreg") == true)
    }

    @Test("spills and shared memory are told")
    func resources() throws {
        let source = try TestSource(
            """
            extern "C" __global__ void kernel(float *x) {
                __shared__ float tile[1000];
                tile[threadIdx.x] = x[threadIdx.x];
                __syncthreads();
                float a[64];
            #pragma unroll
                for (int i = 0; i < 64; i++) a[i] = x[i * 1024 + threadIdx.x];
            #pragma unroll
                for (int i = 0; i < 64; i++) x[i * 1024 + threadIdx.x] = a[63 - i] * a[(i * 7) % 64] + tile[i];
            }
            """)
        let program = source.program(options: ["--maxrregcount=32"])
        let resources = try RealNVRTC.compiler().compile(program).artifact.resources(of: "kernel")
        #expect((24...32).contains(resources.registersPerThread ?? 0))
        #expect((resources.spillBytes ?? 0) > 0)
        #expect(resources.sharedMemoryBytes == 4_000)
    }

    @Test("a config reaches the source as macros: scalars, flags, lists and named choices")
    func macros() throws {
        let space = try ConfigSpace(
            parameters: [
                Parameter(name: "tile", domain: .powerOf2(min: 1, max: 64), defaultValue: .int(32)),
                Parameter(name: "fast", domain: .boolean, defaultValue: .bool(true)),
                Parameter(name: "order", domain: .permutation(length: 2)),
                Parameter(
                    name: "pairs", domain: .list(length: 2, of: .tuple([.integer(min: 3, max: 5, step: 1), .boolean]))),
                Parameter(
                    name: "layout", domain: .values([.string("row"), .string("column")]),
                    defaultValue: .string("column")),
            ], constraints: [])
        let source = try TestSource(
            """
            enum Layout { row, column };
            static_assert(tile == 32 && fast == 1, "scalars");
            static_assert(order_0 == 0 && order_1 == 1 && order_COUNT == 2, "lists");
            static_assert(pairs_0_0 == 3 && pairs_1_1 == 0 && pairs_COUNT == 2 && pairs_0_COUNT == 2, "nested");
            static_assert(layout == column && layout_INDEX == 1, "choices");
            extern "C" __global__ void kernel() {}
            """)
        let macros = Macro.all(of: space.defaultConfig, in: space).map(\.definition)
        #expect(reason(source, source.program(macros: macros)) == nil)
        #expect(
            reason(source, source.program(macros: macros.map { $0 == "tile=32" ? "tile=16" : $0 }))
                == "kernel.cu(2): error: static assertion failed with \"scalars\"")
    }

    @Test("functions in namespaces, templates and variables are found by their C++ names")
    func names() throws {
        let source = try TestSource(
            """
            namespace tiles {
            __constant__ float filter[9];
            template <class T, int N> __global__ void kernel(T *x) { x[threadIdx.x] = filter[N]; }
            }
            __global__ void reference(float *x) { x[0] = 1; }
            """)
        let artifact = try RealNVRTC.compiler().compile(
            source.program("tiles::kernel<float, 4>", otherNames: ["reference", "&tiles::filter"])
        ).artifact
        #expect(
            artifact.symbols == [
                "tiles::kernel<float, 4>": "_ZN5tiles6kernelIfLi4EEEvPT_", "reference": "_Z9referencePf",
                "&tiles::filter": "_ZN5tiles6filterE",
            ])
        #expect(artifact.resources(of: "tiles::kernel<float, 4>").registersPerThread != nil)
        #expect(
            reason(source, source.program("kernell"))
                == "the source has no kernell: identifier \"kernell\" is undefined")
    }

    @Test("files beside the source and in the spec's folders are found; errors in them are told by their place")
    func includes() throws {
        let source = try TestSource(
            "#include \"near/a.h\"\n#include <far.h>\nextern \"C\" __global__ void kernel(float *x) { x[0] = A + FAR; }",
            headers: [
                "near/a.h": "#include \"b.h\"\n", "near/b.h": "#define A 1\n", "elsewhere/far.h": "#define FAR 2\n",
            ])
        #expect(
            reason(source)
                == "kernel.cu(2): catastrophic error: could not open source file \"far.h\" (no directories in search list)"
                || reason(source) == "kernel.cu(2): catastrophic error: cannot open source file \"far.h\"")
        let program = source.program(includePaths: ["\(source.folder.path)/elsewhere"])
        #expect(reason(source, program) == nil)
        _ = try source.folder.write("#define A undeclared\n__device__ int f() { return A; }\n", to: "near/b.h")
        #expect(reason(source, program) == "near/b.h(2): error: identifier \"undeclared\" is undefined")
    }

    @Test(
        "CUDA's own headers are found without being told",
        .enabled(
            if: RealNVRTC.hasHeaders, "there are no CUDA headers: pip install nvidia-cuda-runtime nvidia-cuda-cccl"))
    func cudaHeaders() throws {
        let source = try TestSource(
            """
            #include <cuda_bf16.h>
            #include <cuda_fp16.h>
            extern "C" __global__ void kernel(__half *x) { x[0] = __float2half(1.0f); }
            """)
        #expect(reason(source) == nil)
    }

    @Test("too much static shared memory is told in bytes, asked and allowed")
    func sharedMemory() throws {
        let source = try TestSource(
            """
            extern "C" __global__ void kernel(float *x) {
                __shared__ float tile[80000];
                tile[threadIdx.x] = x[threadIdx.x];
                __syncthreads();
                x[0] = tile[999 - threadIdx.x];
            }
            """)
        #expect(
            reason(source) == "ptxas error: Entry function 'kernel' uses too much shared data (320000 bytes, 49152 max)"
        )
    }

    @Test("an option that NVRTC does not take is no config's fault")
    func options() throws {
        let source = try TestSource("extern \"C\" __global__ void kernel() {}")
        let compiler = try RealNVRTC.compiler()
        let told =
            "\(compiler.name) does not take all of the compiler options: nvrtc: error: unrecognized option -bogus found"
        #expect(throws: CUDACompileError.unusable(told)) { try compiler.compile(source.program(options: ["-bogus"])) }
        #expect(
            reason(source, source.program(options: ["-arch=sm_80"]))
                == "the compiler option -arch=sm_80 has to go: autotune compiles for the device at hand")
        #expect(reason(source, source.program(options: ["--use_fast_math", "-Xptxas", "-dlcm=cg"])) == nil)
    }

    @Test("a device that this NVRTC does not know is told with those it knows")
    func unknownDevice() throws {
        let compiler = try RealNVRTC.compiler()
        #expect(try compiler.architecture(for: ComputeCapability(major: 8, minor: 0)) == "sm_80")
        #expect(throws: CUDACompileError.self) {
            try compiler.architecture(for: ComputeCapability(major: 99, minor: 0))
        }
    }
}
