import KernelSpec
import Testing

@testable import Measurement

/// The routines that devices run on arguments, on a device that the processor plays.
@Suite struct DeviceRoutinesTests {
    @Test("inputs are bit by bit what the host makes", arguments: DataType.allCases)
    func fills(_ type: DataType) async throws {
        let device = try EmulatedDevice()
        let (driver, artifact) = try await Self.routines(device)
        // Behind the last await, which may end on another thread.
        let context = try CUDAContext(driver, device: CUDADevice(driver, index: 0))
        try FillComparison(type, context, DeviceRoutines(context, artifact: artifact)).check()
    }

    @Test("a checksum is another one once any byte has changed", arguments: [1, 8, 4_099])
    func checksums(byteCount: Int) async throws {
        let device = try EmulatedDevice()
        let (driver, artifact) = try await Self.routines(device)
        let context = try CUDAContext(driver, device: CUDADevice(driver, index: 0))
        let routines = try DeviceRoutines(context, artifact: artifact)
        let memory = try DeviceMemory(context, byteCount: byteCount)
        try memory.write((0..<byteCount).map { UInt8(truncatingIfNeeded: $0) })
        let before = try routines.checksum(memory)
        #expect(try routines.checksum(memory) == before)
        try memory.write([0xFE], at: byteCount - 1)
        #expect(try routines.checksum(memory) != before)
    }

    private static func routines(_ device: EmulatedDevice) async throws -> (DriverLibrary, CUDAArtifact) {
        let driver = try DriverLibrary(SharedLibrary("\(device.folder.path)/libcuda.so.1"))
        try driver.initialize()
        let source = try TestSource(DeviceRoutines.source)
        let compiler = try await NVCCCompiler(
            device.compilerPath, places: SearchPlaces(environment: [:]), cache: nil)
        let program = source.program(DeviceRoutines.names[0], otherNames: Array(DeviceRoutines.names.dropFirst()))
        return (driver, try await compiler.compile(program, scratch: device.folder.path).artifact)
    }

    @Test("without a device the error says what was looked for and where")
    func missing() throws {
        let search = SearchPlaces(environment: [:]).driver
        let text = CUDABackend.missingDevice(
            .init(search: search, result: .failure(LibraryError(library: "libcuda.so.1", message: "not found"))))
        #expect(text.contains("NVIDIA device") && text.contains("looked for libcuda.so.1 in "))
    }
}
