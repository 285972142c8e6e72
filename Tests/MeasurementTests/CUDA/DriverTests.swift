import Testing

@testable import Measurement

@Suite("The driver's bindings, over a stand-in for the driver")
struct DriverTests {
    private let fake: FakeDriver
    private let context: CUDAContext
    private let module: CUDAModule

    init() throws {
        fake = try FakeDriver()
        context = try fake.context()
        module = try CUDAModule(context, image: Array("FAKE".utf8))
    }

    @Test("a device is described by what the driver says of it")
    func device() throws {
        let device = context.device
        #expect(device.name == "Fake 7")
        #expect(device.uuid == "GPU-00112233-4455-6677-8899-aabbccddeeff")
        #expect(device.capability.architecture == "sm_90a")
        #expect("\(device.summary)" == "0  Fake 7, sm_90a, 132 SMs, 1 GiB, GPU-00112233-4455-6677-8899-aabbccddeeff")
        let facts = device.description(more: [.init(name: "Copy bandwidth", value: "4300 GB/s")]).facts
        #expect(
            facts.map { "\($0.name): \($0.value)" } == [
                "Architecture: sm_90a (compute capability 9.0)", "Multiprocessors (SMs): 132",
                "Highest SM clock: 1980 MHz", "Memory: 1 GiB",
                "Memory bus: 6144 bits at 3201 MHz, 4916 GB/s at the most", "L2 cache: 60 MiB",
                "Shared memory per block: 232448 bytes at the most (dynamic, opted in by autotune), "
                    + "49152 bytes if static", "Shared memory per SM: 233472 bytes",
                "Registers: 65536 per SM, 65536 per block, 255 per thread",
                "Threads: 1024 per block, 2048 per SM, warps of 32", "Blocks per SM: 32 at the most",
                "Copy bandwidth: 4300 GB/s",
            ])
    }

    @Test("a launch reaches the driver as it was asked for, with its arguments")
    func launch() throws {
        let memory = try DeviceMemory(context, byteCount: 40, guardBytes: 64)
        let geometry = LaunchGeometry(
            grid: Extent3(8, 6, 4), block: Extent3(32, 2), dynamicSharedBytes: 100_000, cluster: Extent3(4, 3, 1),
            isCooperative: true)
        let launch = try module.function("store").prepare(
            geometry, arguments: [LaunchArgument(memory.address), LaunchArgument(-5), LaunchArgument(10)],
            on: CUDAStream(context).handle)
        try launch.launch()
        #expect(try memory.bytes().int32s == Array(-5..<5))
        #expect(try memory.damage() == nil)
        #expect(
            try module.global("last").bytes().int32s == [8, 6, 4, 32, 2, 1, 100_000, 431, 1, 0x55, 100_000, 1])
    }

    @Test("writes past either end are noticed by the guards, and how far")
    func guards() throws {
        let memory = try DeviceMemory(context, byteCount: 40, guardBytes: 64)
        let launch = try module.function("outside").prepare(
            LaunchGeometry(grid: Extent3(1), block: Extent3(1)),
            arguments: [LaunchArgument(memory.address), LaunchArgument(1), LaunchArgument(12)])
        try launch.launch()
        #expect(try memory.damage() == .after(bytes: 1))
        try memory.resetGuards()
        #expect(try memory.damage() == nil)
        try module.function("outside").prepare(
            launch.geometry,
            arguments: [LaunchArgument(memory.address.advanced(by: -8)), LaunchArgument(1), LaunchArgument(1)]
        ).launch()
        #expect(try memory.damage() == .before(bytes: 5))
    }

    @Test("memory is written, read, copied and filled with patterns")
    func memory() throws {
        let memory = try DeviceMemory(context, byteCount: 7)
        try memory.fill(pattern: [1, 2, 3, 4])
        #expect(try memory.bytes() == [1, 2, 3, 4, 1, 2, 3])
        try memory.fill(pattern: [8, 9])
        try memory.write([5, 6], at: 3)
        #expect(try memory.bytes() == [8, 9, 8, 5, 6, 9, 8])
        let other = try DeviceMemory(context, byteCount: 7, guardBytes: 1)
        try other.copy(from: memory)
        #expect(try other.bytes(at: 2, count: 3) == [8, 5, 6])
        try other.fill(0xFF)
        #expect(try other.bytes() == [UInt8](repeating: 0xFF, count: 7))
    }

    @Test("memory is given back, and more than there is is refused with the driver's words")
    func limits() throws {
        let before = try context.memoryInfo().free
        do { _ = try DeviceMemory(context, byteCount: 1 << 20, guardBytes: 512) }
        #expect(try context.memoryInfo().free == before)
        do {
            _ = try DeviceMemory(context, byteCount: 1 << 31)
            Issue.record("there is not so much memory")
        } catch {
            #expect(error.isOutOfMemory)
            #expect("\(error)" == "CUDA_ERROR_OUT_OF_MEMORY: out of memory")
            #expect(!error.losesContext)
        }
    }

    @Test("a kernel's fault is told by the driver's name and text, by the next call and by all after it")
    func fault() throws {
        let geometry = LaunchGeometry(grid: Extent3(1), block: Extent3(1))
        try module.function("illegal").prepare(geometry, arguments: []).launch()
        do throws(CUDAError) {
            try context.synchronize()
            Issue.record("the fault was not told")
        } catch {
            #expect("\(error)" == "CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered")
            #expect(error.call == "cuCtxSynchronize")
            #expect(error.losesContext)
        }
        #expect(throws: CUDAError.self) { try DeviceMemory(context, byteCount: 1) }
    }

    @Test("variables are found, written and read; names that are not there are told")
    func globals() throws {
        let symbol = try module.global("symbol")
        #expect(symbol.byteCount == 64)
        try symbol.write(Array("filter".utf8))
        #expect(try symbol.bytes().prefix(8) == Array("filternt".utf8)[...])
        #expect(throws: CUDAError.self) { try module.global("nothing") }
        #expect(throws: CUDAError.self) { try module.function("nothing") }
        #expect(throws: CUDAError.self) { try CUDAModule(context, image: Array("not an image".utf8)) }
    }

    @Test("what a function takes is known, and how much of the device it fills")
    func resources() throws {
        let function = try module.function("store")
        #expect(
            function.resources
                == FunctionResources(
                    registersPerThread: 128, localBytesPerThread: 24, staticSharedBytes: 1_000, maxThreadsPerBlock: 512)
        )
        let geometry = LaunchGeometry(grid: Extent3(1), block: Extent3(96))
        #expect(try function.occupancy(geometry) == 15.0 / 64)
    }

    @Test("events tell the time between them")
    func events() throws {
        let (start, end) = (try CUDAEvent(context), try CUDAEvent(context))
        #expect(try !start.isDone())
        try start.record()
        try end.record()
        try end.synchronize()
        #expect(try end.isDone())
        #expect(try end.milliseconds(since: start) == 1.5)
    }
}
