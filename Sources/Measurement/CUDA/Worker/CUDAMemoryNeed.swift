import KernelSpec

/// The device memory that a target takes before anything is launched.
struct CUDAMemoryNeed {
    let byteCount: Int
    private let deviceName: String

    init(_ arguments: [Argument], device: CUDADevice) {
        byteCount = CUDAArguments.footprint(arguments) + CUDATimer.flushedBytes(device)
        deviceName = device.name
    }

    /// - Parameter kind: of what is available: "free".
    /// - Throws: `unsupported`, with what is needed and what there is.
    func check(available: Int, _ kind: String) throws(RPCError) {
        guard byteCount > available else { return }
        throw .unsupported(
            "the arguments take \(Self.mebibytes(byteCount)) MiB of device memory, with their guard zones, what they start "
                + "as and what they should become; \(deviceName) has \(Self.mebibytes(available)) MiB (\(kind))")
    }

    private static func mebibytes(_ bytes: Int) -> Int { bytes >> 20 }
}
