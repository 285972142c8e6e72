import Testing

@testable import Measurement

@Suite("What a CUBIN says", .enabled(if: RealNVRTC.isThere, Comment(rawValue: RealNVRTC.missing)))
struct CubinFileTests {
    private func compile(_ architecture: String) throws -> CUDAArtifact {
        let source = try TestSource(
            """
            extern "C" __global__ void kernel(float *x, int at) {
                float a[100];
                for (int i = 0; i < 100; i++) a[i] = x[i];
                x[at] = a[(int)x[at] % 100];
            }
            __global__ void other(float *x) { x[0] = 1; }
            """)
        return try RealNVRTC.compiler().compile(source.program(otherNames: ["other"], architecture: architecture))
            .artifact
    }

    @Test(
        "registers and stack are those that ptxas tells",
        arguments: RealNVRTC.isNew ? ["sm_80", "sm_90a", "sm_100a"] : ["sm_80"])
    func functions(architecture: String) throws {
        let artifact = try compile(architecture)
        let functions = CubinFile(artifact.image).functions
        #expect(Set(functions.keys) == ["kernel", "_Z5otherPf"])
        for (name, function) in functions {
            #expect(function.registersPerThread == artifact.kernels[name]?.registersPerThread)
            #expect(function.stackBytes == artifact.kernels[name]?.stackBytes)
        }
        #expect(functions["kernel"]?.stackBytes == 400)
    }

    @Test("a file that is cut off, or is none, says nothing and does no harm")
    func damage() throws {
        let image = try compile("sm_80").image
        for count in stride(from: 0, to: image.count, by: 97) {
            let functions = CubinFile(Array(image.prefix(count))).functions
            #expect(functions.count <= 2)
        }
        #expect(CubinFile([UInt8](repeating: 0xFF, count: 4_096)).functions.isEmpty)
        var offsets = image
        for place in 0x28..<0x40 { offsets[place] = 0xFF }
        #expect(CubinFile(offsets).functions.isEmpty)
    }
}
