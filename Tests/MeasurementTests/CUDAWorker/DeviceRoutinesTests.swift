import KernelSpec
import Testing

@testable import Measurement

/// The routines that devices run on arguments, on a device that the processor plays.
@Suite struct DeviceRoutinesTests {
    @Test("inputs are bit by bit what the host makes", arguments: DataType.allCases)
    func fills(_ type: DataType) async throws {
        let device = try EmulatedDevice()
        let driver = try DriverLibrary(SharedLibrary("\(device.folder.path)/libcuda.so.1"))
        try driver.initialize()
        let source = try TestSource(DeviceRoutines.source)
        let compiler = try await NVCCCompiler(
            device.compilerPath, places: SearchPlaces(environment: [:]), cache: nil)
        let program = source.program(DeviceRoutines.names[0], otherNames: Array(DeviceRoutines.names.dropFirst()))
        let artifact = try await compiler.compile(program, scratch: device.folder.path).artifact
        // Behind the last await, which may end on another thread.
        let context = try CUDAContext(driver, device: CUDADevice(driver, index: 0))
        try FillComparison(type, context, DeviceRoutines(context, artifact: artifact)).check()
    }

    @Test("without a device the error says what was looked for and where")
    func missing() throws {
        let search = SearchPlaces(environment: [:]).driver
        let text = CUDABackend.missingDevice(
            .init(search: search, result: .failure(LibraryError(library: "libcuda.so.1", message: "not found"))))
        #expect(text.contains("NVIDIA device") && text.contains("looked for libcuda.so.1 in "))
    }
}
