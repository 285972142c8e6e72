import ConfigSpace
import KernelSpec
import Testing

@testable import Measurement

/// A device that copies 2 TB/s, reads 4 TB/s and multiplies 500 TFLOP/s in half precision.
private let limits = DeviceLimits(
    copyBytesPerSecond: 2e12, readBytesPerSecond: 4e12, matrixOperationsPerSecond: ["float16": 500e12])

@Suite("The least time that a device's limits leave")
struct RooflineTests {
    private static func array(_ name: String, _ type: DataType, _ count: Int, _ role: Argument.Role) -> Argument {
        Argument(name: name, dataType: type, kind: .array(shape: [count], fill: .zeros, role: role))
    }

    private func roofline(
        flops: String? = nil, bytes: String? = nil, _ arguments: [Argument], limits: DeviceLimits? = limits,
        language: Language = .cuda
    ) throws -> Roofline? {
        let space = try ConfigSpace(
            parameters: [Parameter(name: "tile", domain: .values([.int(2), .int(4)]))], constraints: [])
        let spec = KernelSpec(
            name: "test", path: "kernel.json",
            kernel: Kernel(language: language, source: "kernel.cu", sourcePath: "kernel.cu", function: "kernel"),
            arguments: arguments, launch: nil, configSpace: space, verification: Verification(against: .defaultConfig),
            workload: Workload(
                flops: try flops.map { try Expression(parsing: $0) },
                bytes: try bytes.map { try Expression(parsing: $0) }), warnings: [])
        return Roofline(spec, space.defaultConfig, limits: limits)
    }

    private let halves = [
        RooflineTests.array("a", .float16, 1000, .input), RooflineTests.array("b", .float16, 1000, .output),
    ]

    @Test("what moves much and computes little is held to the copy bandwidth")
    func copies() throws {
        let roof = try #require(try roofline(flops: "1e9", bytes: "2e9", halves)?.nearest)
        #expect(roof == .init(seconds: 1e-3, limit: "copy bandwidth"))
    }

    @Test("what hardly writes is held to the read bandwidth")
    func reads() throws {
        let arguments = [Self.array("a", .float32, 1000, .input), Self.array("b", .float32, 10, .output)]
        let roof = try #require(try roofline(flops: "1e9", bytes: "4e9", arguments)?.nearest)
        #expect(roof == .init(seconds: 1e-3, limit: "read bandwidth"))
    }

    @Test("what a Helion function returns it has written, though no argument holds it")
    func returned() throws {
        let arguments = [Self.array("a", .float32, 1000, .input)]
        let copies = try #require(try roofline(bytes: "8000", arguments, language: .helion)?.nearest)
        #expect(copies.limit == "copy bandwidth")
        let reads = try #require(try roofline(bytes: "4040", arguments, language: .helion)?.nearest)
        #expect(reads.limit == "read bandwidth")
        // A kernel that goes over its input twice has written nothing for that.
        let twice = try #require(try roofline(bytes: "8000", arguments, language: .triton)?.nearest)
        #expect(twice.limit == "read bandwidth")
    }

    @Test("what computes much is held to the matrix throughput of its inputs' type, by the config's own workload")
    func computes() throws {
        let roofline = try #require(try roofline(flops: "tile * 500e9", bytes: "2e6", halves))
        #expect(roofline.nearest == .init(seconds: 2e-3, limit: "float16 matrix throughput"))
        #expect(
            roofline.fact?.value == "2.0 ms by the float16 matrix throughput, 0.001 ms by the copy bandwidth")
    }

    @Test("nothing is said where the nearest limit is not known")
    func unknown() throws {
        let integers = [Self.array("a", .int32, 1000, .input), Self.array("b", .int32, 1000, .output)]
        #expect(try roofline(flops: "1e12", bytes: "1e6", integers) == nil)
        #expect(try roofline(flops: "1e6", bytes: "1e6", integers)?.nearest?.limit == "copy bandwidth")
        #expect(try roofline(halves) == nil)
        #expect(try roofline(bytes: "1e6", halves, limits: nil) == nil)
    }
}

@Suite("What a device was seen to reach")
struct DeviceLimitsTests {
    @Test("types of one rate share a line's place, the fastest first")
    func facts() {
        var limits = limits
        limits.matrixOperationsPerSecond["int8"] = 1000.4e12
        limits.matrixOperationsPerSecond["uint8"] = 1000.4e12
        limits.matrixOperationsPerSecond["float64"] = 66.55e12
        #expect(
            limits.facts.map { "\($0.name): \($0.value)" } == [
                "Copy bandwidth: 2000 GB/s measured (bytes read and written)",
                "Read bandwidth: 4000 GB/s measured (bytes read)",
                "Matrix throughput: 1000 with int8 and uint8, 500 with float16, 66.6 with float64 (TFLOP/s measured)",
            ])
        #expect(DeviceLimits().facts.isEmpty)
    }

    @Test("a device that was busy until just now is warmed up for a shorter time")
    func warmUp() {
        let limits = SamplingLimits()
        #expect(limits.warmUp(afterIdleSeconds: nil) == limits.warmUpSeconds)
        #expect(limits.warmUp(afterIdleSeconds: 1) == limits.warmUpSeconds)
        #expect(limits.warmUp(afterIdleSeconds: 0.01) == limits.busyWarmUpSeconds)
    }
}
