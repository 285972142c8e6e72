/// What is known of one CUDA device; memory in bytes.
struct CUDADevice: Sendable, Equatable {
    /// Among the devices this process sees (`CUDA_VISIBLE_DEVICES`), from 0.
    var index: Int
    /// The driver's own number for it.
    var handle: Int32
    var name: String
    /// "GPU-8a4f…", as NVIDIA's tools write it.
    var uuid: String
    var busID: String
    var capability: ComputeCapability
    var multiprocessors: Int
    /// The highest clock of the multiprocessors, and the memory's.
    var clockKilohertz: Int
    var memoryClockKilohertz: Int
    var memoryBusBits: Int
    var memoryBytes: Int
    var l2Bytes: Int
    var warpSize: Int
    var maxThreadsPerBlock: Int
    var maxThreadsPerMultiprocessor: Int
    var maxBlocksPerMultiprocessor: Int
    var maxBlock: Extent3
    var maxGrid: Extent3
    var registersPerBlock: Int
    var registersPerMultiprocessor: Int
    /// Without opting in, and with.
    var sharedBytesPerBlock: Int
    var sharedBytesPerBlockOptIn: Int
    var sharedBytesPerMultiprocessor: Int
    /// What the driver keeps for itself in each block.
    var reservedSharedBytesPerBlock: Int
    var launchesCooperatively: Bool
    var launchesClusters: Bool
    var correctsErrors: Bool

    /// What the memory's bus could carry at its clock, two transfers a cycle, in bytes per second. Kernels reach less.
    var peakBandwidth: Double { 2 * Double(memoryClockKilohertz) * 1e3 * Double(memoryBusBits) / 8 }
}

extension CUDADevice {
    /// Asks the driver.
    init(_ driver: DriverLibrary, index: Int) throws(CUDAError) {
        let handle = try driver.device(index)
        func ask(_ attribute: DeviceAttribute) throws(CUDAError) -> Int {
            try driver.attribute(attribute, of: handle)
        }
        /// Of attributes that older drivers do not know.
        func askIfKnown(_ attribute: DeviceAttribute) throws(CUDAError) -> Int {
            do { return try ask(attribute) } catch  where error.code == CUDAError.invalidValueCode { return 0 }
        }
        self.init(
            index: index, handle: handle, name: try driver.name(of: handle),
            uuid: Self.text(ofUUID: try driver.uuid(of: handle)), busID: try driver.busID(of: handle),
            capability: ComputeCapability(major: try ask(.majorCapability), minor: try ask(.minorCapability)),
            multiprocessors: try ask(.multiprocessors), clockKilohertz: try askIfKnown(.clockKilohertz),
            memoryClockKilohertz: try askIfKnown(.memoryClockKilohertz), memoryBusBits: try ask(.memoryBusBits),
            memoryBytes: try driver.memoryBytes(of: handle), l2Bytes: try ask(.l2Bytes), warpSize: try ask(.warpSize),
            maxThreadsPerBlock: try ask(.maxThreadsPerBlock),
            maxThreadsPerMultiprocessor: try ask(.maxThreadsPerMultiprocessor),
            maxBlocksPerMultiprocessor: try askIfKnown(.maxBlocksPerMultiprocessor),
            maxBlock: Extent3(try ask(.maxBlockX), try ask(.maxBlockY), try ask(.maxBlockZ)),
            maxGrid: Extent3(try ask(.maxGridX), try ask(.maxGridY), try ask(.maxGridZ)),
            registersPerBlock: try ask(.registersPerBlock),
            registersPerMultiprocessor: try ask(.registersPerMultiprocessor),
            sharedBytesPerBlock: try ask(.sharedBytesPerBlock),
            sharedBytesPerBlockOptIn: max(try ask(.sharedBytesPerBlockOptIn), try ask(.sharedBytesPerBlock)),
            sharedBytesPerMultiprocessor: try ask(.sharedBytesPerMultiprocessor),
            reservedSharedBytesPerBlock: try askIfKnown(.reservedSharedBytesPerBlock),
            launchesCooperatively: try ask(.launchesCooperatively) != 0,
            launchesClusters: try askIfKnown(.launchesClusters) != 0, correctsErrors: try ask(.correctsErrors) != 0)
    }

    /// 16 bytes as "GPU-" and groups of 8, 4, 4, 4 and 12 hexadecimal digits.
    static func text(ofUUID bytes: [UInt8]) -> String {
        var text = "GPU-"
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}

/// The generation of a device's instructions: 9.0 is Hopper's.
struct ComputeCapability: Sendable, Hashable, Comparable, CustomStringConvertible {
    var major: Int
    var minor: Int

    var description: String { "\(major).\(minor)" }

    static func < (left: ComputeCapability, right: ComputeCapability) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    /// What code is compiled for to run on exactly this generation: from Hopper on there are instructions (wgmma, …) that
    /// no later generation keeps, and only the name with an "a" has them.
    var architecture: String { "sm_\(major)\(minor)\(major >= 9 ? "a" : "")" }

    /// As NVRTC numbers architectures: 90 for 9.0.
    var number: Int { 10 * major + minor }
}
