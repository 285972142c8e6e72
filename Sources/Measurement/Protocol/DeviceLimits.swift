/// What a device was seen to reach in the simplest kernels there are: the rates that a kernel's time is compared with.
struct DeviceLimits: Codable, Sendable, Equatable {
    /// Copying its own memory: bytes read and written each second. Nil where there was no memory to measure it in.
    var copyBytesPerSecond: Double?
    /// Reading alone, which most devices do a little faster.
    var readBytesPerSecond: Double?
    /// Operations of the matrix units each second, a multiplication and an addition being two, by the inputs' type as
    /// kernel.json names it. Without entry for types that the device's matrix units do not take, or for which there is
    /// no routine to measure them by.
    var matrixOperationsPerSecond: [String: Double] = [:]
    /// What could not be measured, and why; a sentence each for the user.
    var problems: [String] = []

    /// Whether all was measured that there is to measure.
    var isComplete: Bool { copyBytesPerSecond != nil && readBytesPerSecond != nil && problems.isEmpty }

    /// For the prompt and the user.
    var facts: [DeviceDescription.Fact] {
        var facts: [DeviceDescription.Fact] = []
        func bandwidth(_ name: String, _ rate: Double?, _ what: String) {
            guard let rate else { return }
            facts.append(.init(name: name, value: "\(Int((rate / 1e9).rounded())) GB/s measured (\(what))"))
        }
        bandwidth("Copy bandwidth", copyBytesPerSecond, "bytes read and written")
        bandwidth("Read bandwidth", readBytesPerSecond, "bytes read")
        let types = Dictionary(grouping: matrixOperationsPerSecond.keys.sorted()) { matrixOperationsPerSecond[$0] ?? 0 }
        let rates = types.sorted { $0.key > $1.key }.map { rate, types in
            "\(Self.teraOperations(rate)) with \(types.joined(separator: " and "))"
        }
        if !rates.isEmpty {
            facts.append(
                .init(name: "Matrix throughput", value: "\(rates.joined(separator: ", ")) (TFLOP/s measured)"))
        }
        return facts
    }

    private static func teraOperations(_ rate: Double) -> String {
        let tera = rate / 1e12
        return tera >= 100 ? "\(Int(tera.rounded()))" : ((tera * 10).rounded() / 10).shortText
    }
}
