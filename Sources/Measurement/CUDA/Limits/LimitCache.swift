import FoundationEssentials

/// Measured limits on disk, one file for each device, so that each is measured once.
struct LimitCache: Sendable {
    let folder: String

    /// Beside the compiled programs of `CubinCache`; nil where the environment names no place for caches.
    init?(environment: [String: String]) {
        guard let folder = CubinCache.parentFolder(environment: environment) else { return nil }
        self.folder = "\(folder)/limits"
    }

    init(folder: String) { self.folder = folder }

    private struct Entry: Codable {
        var device: String
        /// Another driver may run at other clocks, another routine measure otherwise.
        var driver: Int
        var routines: String
        var limits: DeviceLimits
    }

    /// The file of a device, for the user to remove when the device was busy while it was measured.
    func path(_ device: CUDADevice) -> String { "\(folder)/\(device.uuid).json" }

    /// Nil where there are none, or they were measured with another driver or by other routines.
    func limits(of device: CUDADevice, driver: Int) -> DeviceLimits? {
        guard let bytes = FileSystem.bytes(of: path(device)),
            let entry = try? JSONDecoder().decode(Entry.self, from: Data(bytes)),
            entry.driver == driver, entry.routines == LimitRoutines.version
        else { return nil }
        return entry.limits
    }

    /// A cache that cannot be written is no failure: the limits are measured again.
    func store(_ limits: DeviceLimits, of device: CUDADevice, driver: Int) {
        let entry = Entry(device: device.name, driver: driver, routines: LimitRoutines.version, limits: limits)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(entry),
            (try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)) != nil
        else { return }
        try? data.write(to: URL(filePath: path(device)), options: .atomic)
    }
}
