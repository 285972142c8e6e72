import Foundation
import Testing

@testable import Measurement

@Suite("Compiling by nvcc", .enabled(if: RealNVCC.isThere, "there is no nvcc on the path or in a CUDA toolkit"))
struct NVCCCompilerTests {
    private func compile(_ program: CUDAProgram, cache: CubinCache? = nil) async throws -> CUDACompilation {
        let scratch = try TemporaryFolder()
        return try await NVCCCompiler("nvcc", places: RealNVCC.places, cache: cache)
            .compile(program, scratch: scratch.path)
    }

    private func reason(_ program: CUDAProgram) async -> String? {
        do {
            _ = try await compile(program)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("a source with host code becomes machine code; kernels and variables are found by their C++ names")
    func hostCode() async throws {
        let source = try TestSource(
            """
            #include <cstdio>
            #include "a.h"
            namespace tiles { __constant__ float filter[9]; __global__ void kernel(float *x) { x[0] = SCALE * filter[1]; } }
            __global__ void plain(float *x) { __shared__ float s[32]; s[threadIdx.x] = *x; __syncthreads(); *x = s[9]; }
            int main() { plain<<<1, 32>>>(nullptr); puts("host"); }
            """, headers: ["a.h": "#define SCALE 2\n"])
        let cacheFolder = try TemporaryFolder()
        let cache = CubinCache(folder: cacheFolder.path)
        let program = source.program("tiles::kernel", otherNames: ["plain", "&tiles::filter"], macros: ["N=1"])
        let artifact = try await compile(program, cache: cache).artifact
        #expect(artifact.image.prefix(4) == [0x7F, 0x45, 0x4C, 0x46])
        #expect(
            artifact.symbols == [
                "tiles::kernel": "_ZN5tiles6kernelEPf", "plain": "_Z5plainPf", "&tiles::filter": "_ZN5tiles6filterE",
            ])
        #expect(artifact.resources(of: "plain").sharedMemoryBytes == 128)
        #expect(try await compile(program, cache: cache).isCached)
    }

    @Test("errors of nvcc and of the host's compiler are told relative to the source")
    func errors() async throws {
        let device = try TestSource("__global__ void kernel() { undeclared = 1; }")
        #expect(await reason(device.program()) == "kernel.cu(1): error: identifier \"undeclared\" is undefined")
        let header = try TestSource("#include \"nope.h\"\n__global__ void kernel() {}")
        #expect(await reason(header.program())?.hasPrefix("kernel.cu:1:10: fatal error: nope.h") == true)
        let other = try TestSource("__global__ void kernell() {}")
        #expect(await reason(other.program()) == "the source has no kernel kernel")
        #expect(
            await reason(other.program("kernell<1>"))
                == "nvcc makes no instance of kernell<1>: name a function that is no template, or leave \"compiler\" out"
        )
    }

    @Test("a compiler that is not there is told with where it was looked for")
    func missing() async throws {
        await #expect(throws: CUDACompileError.self) {
            _ = try await NVCCCompiler("no-such-nvcc", places: RealNVCC.places, cache: nil)
        }
    }
}

enum RealNVCC {
    static let places = SearchPlaces(environment: ProcessInfo.processInfo.environment)
    static let isThere = places.programFolders.contains { FileSystem.isFile("\($0)/nvcc") }
}
