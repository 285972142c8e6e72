import ConfigSpace
import KernelSpec
import Testing

@testable import Measurement

/// Launches on their way from the spec's expressions to the device.
@Suite struct TargetLaunchTests {
    @Test("a launch is what the expressions say for the config, and the artifact keeps it")
    func expressions() throws {
        let kernel = try CUDATestKernel(
            "", modes: ["narrow", "wide"], grid: "ceil_div(1000, 64)", block: "64 if MODE == 'narrow' else 256",
            sharedMemory: "4 * 100")
        let config = kernel.spec.configSpace.defaultConfig.with("MODE", .string("wide"))
        let launch = try #require(try TargetLaunch(kernel.spec, config))
        #expect(launch == TargetLaunch(grid: [16], block: [256], sharedMemoryBytes: 400))
        let file = CUDAKernelFile(
            launch: launch, artifact: CUDAArtifact(image: [1, 10, 2], symbols: ["kernel": "kernel"], kernels: [:]))
        #expect(CUDAKernelFile(decoding: try file.encoded()) == file)
        #expect(CUDAKernelFile(decoding: Array(try file.encoded().dropLast())) == nil)
        #expect(try launch.geometry().block == Extent3(256))
    }

    @Test("an expression without a value says which one it is")
    func fault() throws {
        let kernel = try CUDATestKernel("", modes: ["plain"], grid: "1 // 0")
        let error = #expect(throws: LaunchFailure.self) {
            _ = try TargetLaunch(kernel.spec, kernel.spec.configSpace.defaultConfig)
        }
        #expect(error?.reason.contains("grid, 1 // 0") == true)
    }
}
