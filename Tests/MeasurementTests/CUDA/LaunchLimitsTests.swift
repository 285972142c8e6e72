import Testing

@testable import Measurement

@Suite("Limits on launches")
struct LaunchLimitsTests {
    private func reason(
        _ geometry: LaunchGeometry, function: FunctionResources = LaunchLimitsTests.function, knowsClusters: Bool = true
    ) -> String? {
        do throws(LaunchLimitError) {
            try LaunchLimits(device: Self.hopper, function: function, knowsClusters: knowsClusters).check(geometry)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("what fits is let pass, up to the last thread and byte")
    func fits() {
        #expect(
            reason(
                LaunchGeometry(
                    grid: Extent3(2_147_483_647, 65_535), block: Extent3(16, 8, 4), dynamicSharedBytes: 231_448)) == nil
        )
        #expect(reason(LaunchGeometry(grid: Extent3(8), block: Extent3(32), cluster: Extent3(4))) == nil)
    }

    @Test(
        "what does not fit is told with the number asked and the number there is",
        arguments: [
            (Extent3(1), Extent3(2_048), 0, "block x is 2048, the device allows 1024"),
            (Extent3(1), Extent3(32, 64), 0, "a block has 2048 threads, the device allows 1024"),
            (Extent3(1), Extent3(1, 1, 65), 0, "block z is 65, the device allows 64"),
            (Extent3(1, 70_000), Extent3(1), 0, "grid y is 70000, the device allows 65535"),
            (Extent3(0), Extent3(1), 0, "grid x is 0, it has to be at least 1"),
            (Extent3(1), Extent3(32, -1), 0, "block y is -1, it has to be at least 1"),
            (
                Extent3(1), Extent3(768), 0,
                "a block has 768 threads, with 128 registers per thread or by __launch_bounds__ the kernel allows 512"
            ),
            (
                Extent3(1), Extent3(32), 231_449,
                "232449 bytes of shared memory per block are asked for (1000 of them static), the device has 232448"
            ),
            (Extent3(1), Extent3(32), -1, "-1 bytes of dynamic shared memory are asked for, less than none"),
            (Extent3(1), Extent3(.max, .max, .max), 0, "block x is 9223372036854775807, the device allows 1024"),
        ])
    func tooMuch(grid: Extent3, block: Extent3, shared: Int, told: String) {
        #expect(reason(LaunchGeometry(grid: grid, block: block, dynamicSharedBytes: shared)) == told)
    }

    @Test("clusters divide the grid, agree with the source, and need a device that has them")
    func clusters() {
        var geometry = LaunchGeometry(grid: Extent3(10), block: Extent3(32), cluster: Extent3(4))
        #expect(reason(geometry) == "grid x is 10, not a multiple of the cluster's 4")
        #expect(
            reason(geometry, knowsClusters: false)
                == "a cluster of 4 blocks is asked for, the device or its driver has no clusters")
        var function = Self.function
        (function.requiredCluster, function.needsCluster) = (Extent3(2), true)
        geometry.grid = Extent3(8)
        #expect(
            reason(geometry, function: function)
                == "a cluster of 4 blocks is asked for, __cluster_dims__ in the source says 2 x 1 x 1")
        geometry.cluster = nil
        #expect(reason(geometry, function: function) == nil)
        function.requiredCluster = nil
        #expect(
            reason(geometry, function: function)
                == "the kernel has to be launched with clusters and the launch names none")
    }

    static let function = FunctionResources(
        registersPerThread: 128, staticSharedBytes: 1_000, maxThreadsPerBlock: 512)

    static let hopper = CUDADevice(
        index: 0, handle: 0, name: "NVIDIA H200", uuid: "GPU-0", busID: "0000:01:00.0",
        capability: ComputeCapability(major: 9, minor: 0), multiprocessors: 132, clockKilohertz: 1_980_000,
        memoryClockKilohertz: 3_201_000, memoryBusBits: 6_144, memoryBytes: 150_000_000_000, l2Bytes: 60 << 20,
        warpSize: 32, maxThreadsPerBlock: 1_024, maxThreadsPerMultiprocessor: 2_048, maxBlocksPerMultiprocessor: 32,
        maxBlock: Extent3(1_024, 1_024, 64), maxGrid: Extent3(2_147_483_647, 65_535, 65_535),
        registersPerBlock: 65_536, registersPerMultiprocessor: 65_536, sharedBytesPerBlock: 49_152,
        sharedBytesPerBlockOptIn: 232_448, sharedBytesPerMultiprocessor: 233_472, reservedSharedBytesPerBlock: 1_024,
        launchesCooperatively: true, launchesClusters: true, correctsErrors: true)
}
