extension CUDADevice {
    /// The device as the prompt, the result and the user see it.
    ///
    /// - Parameter more: facts that are not the driver's to tell, such as measured limits; they stand last.
    func description(more: [DeviceDescription.Fact] = []) -> DeviceDescription {
        var facts: [DeviceDescription.Fact] = []
        func tell(_ name: String, _ value: String) { facts.append(.init(name: name, value: value)) }
        tell("Architecture", "\(capability.architecture) (compute capability \(capability))")
        tell("Multiprocessors (SMs)", "\(multiprocessors)")
        if clockKilohertz > 0 { tell("Highest SM clock", "\(clockKilohertz / 1000) MHz") }
        tell("Memory", "\(Self.gibibytes(memoryBytes)) GiB")
        if memoryClockKilohertz > 0 {
            tell(
                "Memory bus",
                "\(memoryBusBits) bits at \(memoryClockKilohertz / 1000) MHz, \(Int(peakBandwidth / 1e9)) GB/s at the most"
            )
        }
        tell("L2 cache", "\(Self.mebibytes(l2Bytes)) MiB")
        tell(
            "Shared memory per block",
            "\(sharedBytesPerBlockOptIn) bytes at the most (dynamic, opted in by autotune), "
                + "\(sharedBytesPerBlock) bytes if static")
        tell("Shared memory per SM", "\(sharedBytesPerMultiprocessor) bytes")
        tell("Registers", "\(registersPerMultiprocessor) per SM, \(registersPerBlock) per block, 255 per thread")
        tell(
            "Threads",
            "\(maxThreadsPerBlock) per block, \(maxThreadsPerMultiprocessor) per SM, warps of \(warpSize)")
        if maxBlocksPerMultiprocessor > 0 { tell("Blocks per SM", "\(maxBlocksPerMultiprocessor) at the most") }
        return DeviceDescription(name: name, facts: facts + more)
    }

    /// What the list of devices tells of it.
    var summary: CUDAInstallation.Device {
        CUDAInstallation.Device(
            index: index, name: name, architecture: capability.architecture, multiprocessors: multiprocessors,
            memoryBytes: memoryBytes, uuid: uuid)
    }

    static func gibibytes(_ bytes: Int) -> String { tenths(Double(bytes) / Double(1 << 30)) }

    private static func mebibytes(_ bytes: Int) -> String { tenths(Double(bytes) / Double(1 << 20)) }

    /// One digit behind the point, where it is not 0.
    private static func tenths(_ number: Double) -> String {
        let rounded = (number * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
