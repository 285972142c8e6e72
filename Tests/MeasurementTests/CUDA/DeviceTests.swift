import Testing

@testable import Measurement

@Suite("On a real device", .enabled(if: RealDevice.isThere, Comment(rawValue: RealDevice.missing)))
struct DeviceTests {
    @Test("the device is found and described, and NVML tells its state where it is there")
    func description() throws {
        let libraries = RealDevice.libraries()
        let installation = libraries.installation()
        #expect(installation.isComplete)
        #expect(installation.devices.count == (try libraries.devices().count))
        let device = try libraries.devices()[0]
        #expect(device.description().facts.count >= 10)
        #expect(device.sharedBytesPerBlockOptIn >= 48 << 10)
        #expect(device.peakBandwidth > 10e9)
        let state = libraries.nvml.library?.state(ofDevice: device.uuid)
        if let megahertz = state?.clockMegahertz { #expect(megahertz > 0) }
    }

    @Test("a kernel is compiled, loaded, launched and timed, and its guards stay whole")
    func launch() throws {
        let program = try RealDevice.Program(
            """
            template <int N> __global__ void scale(const int *x, int *y, int factor) {
                int i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < N) y[i] = factor * x[i];
            }
            """, function: "scale<1000>")
        let context = program.context
        let (x, y) = (
            try DeviceMemory(context, byteCount: 4_000, guardBytes: 4_096),
            try DeviceMemory(context, byteCount: 4_000, guardBytes: 4_096)
        )
        try x.write([UInt8](Array(0..<1_000)))
        let stream = try CUDAStream(context)
        let launch = try program.function("scale<1000>").prepare(
            LaunchGeometry(grid: Extent3(8), block: Extent3(128)),
            arguments: [LaunchArgument(x.address), LaunchArgument(y.address), LaunchArgument(-3)], on: stream.handle)
        let (start, end) = (try CUDAEvent(context), try CUDAEvent(context))
        try start.record(on: stream.handle)
        for _ in 0..<100 { try launch.launch() }
        try end.record(on: stream.handle)
        try end.synchronize()
        #expect(try end.milliseconds(since: start) > 0)
        #expect(try y.bytes().int32s == (0..<1_000).map { -3 * $0 })
        #expect(try x.damage() == nil)
        #expect(try y.damage() == nil)
        #expect(try launch.function.occupancy(launch.geometry) == 1)
    }

    @Test("writes just outside an argument are found and told")
    func guards() throws {
        let program = try RealDevice.Program(
            "extern \"C\" __global__ void kernel(int *x, int at) { x[at] = 1; }")
        let memory = try DeviceMemory(program.context, byteCount: 400, guardBytes: 4_096)
        for (place, damage) in [(100, DeviceMemory.Damage.after(bytes: 1)), (-1, .before(bytes: 1))] {
            try program.function().prepare(
                LaunchGeometry(grid: Extent3(1), block: Extent3(1)),
                arguments: [LaunchArgument(memory.address), LaunchArgument(Int32(place))]
            ).launch()
            #expect(try memory.damage() == damage)
            try memory.resetGuards()
        }
        #expect(try memory.damage() == nil)
    }

    @Test("all the shared memory there is can be asked for, and not one byte more")
    func sharedMemory() throws {
        let program = try RealDevice.Program(
            """
            extern "C" __global__ void kernel(int *x, int last) {
                extern __shared__ int tile[];
                for (int i = threadIdx.x; i <= last; i += blockDim.x) tile[i] = i;
                __syncthreads();
                if (threadIdx.x == 0) x[0] = tile[last];
            }
            """)
        let most = program.context.device.sharedBytesPerBlockOptIn
        let memory = try DeviceMemory(program.context, byteCount: 4)
        let last = Int32(most / 4 - 1)
        var geometry = LaunchGeometry(grid: Extent3(1), block: Extent3(256), dynamicSharedBytes: most)
        let arguments = [LaunchArgument(memory.address), LaunchArgument(last)]
        try program.function().prepare(geometry, arguments: arguments).launch()
        #expect(try memory.bytes().int32s == [last])
        geometry.dynamicSharedBytes += 1
        #expect(throws: LaunchLimitError(.sharedMemory(staticBytes: 0), asked: most + 1, available: most)) {
            try program.function().prepare(geometry, arguments: arguments)
        }
    }

    @Test("a block larger than the kernel's registers allow is refused with both numbers")
    func registers() throws {
        let program = try RealDevice.Program(
            "extern \"C\" __global__ void __launch_bounds__(256) kernel(int *x) { x[threadIdx.x] = 1; }")
        #expect(throws: LaunchLimitError.self) {
            try program.function().prepare(LaunchGeometry(grid: Extent3(1), block: Extent3(1_024)), arguments: [])
        }
    }

    @Test("variables in constant memory are written by name")
    func constants() throws {
        let program = try RealDevice.Program(
            """
            namespace k { __constant__ int filter[4]; }
            extern "C" __global__ void kernel(int *x) { x[threadIdx.x] = 10 * k::filter[threadIdx.x]; }
            """, otherNames: ["&k::filter"])
        let symbol = try program.module.global(try #require(program.artifact.symbols["&k::filter"]))
        #expect(symbol.byteCount == 16)
        try symbol.write([UInt8]([1, 2, 3, 4] as [Int32]))
        let memory = try DeviceMemory(program.context, byteCount: 16)
        try program.function().prepare(
            LaunchGeometry(grid: Extent3(1), block: Extent3(4)), arguments: [LaunchArgument(memory.address)]
        ).launch()
        #expect(try memory.bytes().int32s == [10, 20, 30, 40])
    }

    @Test(
        "blocks of a cluster know their rank, and too large clusters are refused", .enabled(if: RealDevice.hasClusters))
    func clusters() throws {
        let program = try RealDevice.Program(
            """
            extern "C" __global__ void kernel(int *x) {
                unsigned rank;
                asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
                x[blockIdx.x] = rank;
            }
            """)
        let memory = try DeviceMemory(program.context, byteCount: 64)
        var geometry = LaunchGeometry(grid: Extent3(16), block: Extent3(64), cluster: Extent3(4))
        let arguments = [LaunchArgument(memory.address)]
        try program.function().prepare(geometry, arguments: arguments).launch()
        #expect(try memory.bytes().int32s == (0..<16).map { $0 % 4 })
        geometry.cluster = Extent3(16)
        try program.function().prepare(geometry, arguments: arguments).launch()
        #expect(try memory.bytes().int32s == (0..<16).map { $0 })
        (geometry.grid, geometry.cluster) = (Extent3(64), Extent3(32))
        #expect(throws: LaunchLimitError(.clusterBlocks, asked: 32, available: 16)) {
            try program.function().prepare(geometry, arguments: arguments)
        }
    }

    @Test("cooperating blocks may be as many as fit at once, and no more")
    func cooperation() throws {
        let program = try RealDevice.Program(
            """
            extern "C" __global__ void kernel(int *x) {
                atomicAdd(x, 1);
                while (*(volatile int *)x < gridDim.x) {}
            }
            """)
        let device = program.context.device
        let memory = try DeviceMemory(program.context, byteCount: 4)
        try memory.fill(0)
        let threads = 1_024
        let fit = device.multiprocessors * (device.maxThreadsPerMultiprocessor / threads)
        var geometry = LaunchGeometry(grid: Extent3(fit), block: Extent3(threads), isCooperative: true)
        let kernel = try program.function()
        geometry.grid = Extent3(fit + 1)
        #expect(throws: LaunchLimitError(.cooperativeBlocks, asked: fit + 1, available: fit)) {
            try kernel.prepare(geometry, arguments: [LaunchArgument(memory.address)])
        }
        geometry.grid = Extent3(device.multiprocessors)
        geometry.block = Extent3(1)
        try kernel.prepare(geometry, arguments: [LaunchArgument(memory.address)]).launch()
        #expect(try memory.bytes().int32s == [Int32(device.multiprocessors)])
    }

    @Test("more memory than there is is refused before anything happens, and the context lives on")
    func outOfMemory() throws {
        let program = try RealDevice.Program("extern \"C\" __global__ void kernel(int *x) { x[0] = 7; }")
        do throws(CUDAError) {
            _ = try DeviceMemory(program.context, byteCount: 1 << 50)
            Issue.record("there is not so much memory")
        } catch {
            #expect(error.isOutOfMemory)
            #expect(!error.losesContext)
        }
        let memory = try DeviceMemory(program.context, byteCount: 4)
        try program.function().prepare(
            LaunchGeometry(grid: Extent3(1), block: Extent3(1)), arguments: [LaunchArgument(memory.address)]
        ).launch()
        #expect(try memory.bytes().int32s == [7])
    }
}
