import Foundation
import KernelSpec
import Testing

@testable import Measurement

/// The same on this machine's device.
@Suite(.enabled(if: RealDevice.isThere, "\(RealDevice.missing)")) struct RealDeviceWorkerTests {
    @Test("a kernel is measured, faults are told apart, and the worker goes on with a sound device")
    func faults() async throws {
        let kernel = try CUDATestKernel(
            """
            if (MODE == hangs) while (atomicAdd((int *)y, 0) != -1);
            if (MODE == traps && i == 5) __trap();
            if (MODE == illegal && i == 5) *(volatile int *)8 = 1;
            if (i < n) y[i] = 2 * x[i];
            """, modes: ["plain", "hangs", "traps", "illegal", "last"])
        var options = TestKernel.options
        options.runLimitSeconds = 3
        let found = try await kernel.evaluations(options)
        #expect(
            found.mapValues(\.outcome) == [
                "plain": .measured, "hangs": .runTimeout, "traps": .runtimeError, "illegal": .runtimeError,
                "last": .measured,
            ])
    }

    @Test("the device makes inputs bit by bit as the host does", arguments: DataType.allCases)
    func fills(_ type: DataType) throws {
        let libraries = RealDevice.libraries()
        let device = try libraries.devices()[0]
        let context = try CUDAContext(libraries.driver.result.get(), device: device, waiting: .blocking)
        let source = try TestSource(DeviceRoutines.source)
        let compiler = try libraries.compiler(cache: nil)
        let program = source.program(
            DeviceRoutines.names[0], otherNames: Array(DeviceRoutines.names.dropFirst()),
            options: DeviceRoutines.options, architecture: try compiler.architecture(for: device.capability))
        let routines = try DeviceRoutines(context, artifact: compiler.compile(program).artifact)
        try FillComparison(type, context, routines).check()
    }
}
