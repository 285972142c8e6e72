import KernelSpec
import Testing

@testable import Measurement

@Suite("The kernels that measure a device's limits")
struct LimitRoutinesTests {
    @Test(
        "every routine compiles for the generations that it is for",
        .enabled(if: RealNVRTC.isNew, "\(RealNVRTC.missing)"))
    func compile() throws {
        let compiler = try RealNVRTC.compiler()
        for (major, minor) in [(8, 0), (8, 9), (9, 0), (12, 0)] {
            let capability = ComputeCapability(major: major, minor: minor)
            let architecture = try compiler.architecture(for: capability)
            let read = try TestSource(LimitRoutines.read)
            _ = try compiler.compile(read.program(LimitRoutines.readFunction, architecture: architecture))
            for routine in LimitRoutines.matrix(for: capability) {
                let source = try TestSource(routine.source)
                let program = source.program(routine.function, architecture: architecture)
                let artifact = try compiler.compile(program).artifact
                let resources = artifact.resources(of: routine.function)
                #expect((resources.spillBytes ?? 0) == 0, "\(routine.types) on \(architecture)")
            }
        }
    }

    @Test("matrix units that no routine knows how to feed have none, rather than a slower one")
    func unknownUnits() {
        #expect(LimitRoutines.matrix(for: ComputeCapability(major: 10, minor: 0)).isEmpty)
        #expect(LimitRoutines.matrix(for: ComputeCapability(major: 7, minor: 5)).isEmpty)
        let hopper = Set(LimitRoutines.matrix(for: ComputeCapability(major: 9, minor: 0)).flatMap(\.types))
        #expect(hopper.isSuperset(of: [.float16, .bfloat16, .float32, .float64, .float8E4M3, .float8E5M2, .int8]))
    }
}
