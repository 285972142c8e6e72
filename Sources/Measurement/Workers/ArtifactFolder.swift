import FoundationEssentials

/// The folder where a session's artifacts lie, for as long as it runs.
struct ArtifactFolder: Sendable {
    /// Absolute. The name cannot be guessed, and only its owner may look inside.
    let path: String

    init() throws(MeasurementError) {
        let parent = FileManager.default.temporaryDirectory.path
        let name = "autotune-" + String(UInt64.random(in: .min ... .max), radix: 36)
        path = parent.hasSuffix("/") ? parent + name : parent + "/" + name
        try Self.make(path)
    }

    /// Makes the folder if it is not there; a worker does so too, since it may run on another machine.
    static func make(_ path: String) throws(MeasurementError) {
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            // Another worker may have made it in between.
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder { return }
            throw MeasurementError(
                .noWorkingSpace, "the folder \(path) for compiled kernels could not be made: \(error)",
                help: "Set TMPDIR to a folder that can be written to.")
        }
    }

    func remove() {
        Self.remove(path)
    }

    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    static func write(_ text: String, to path: String) throws(RPCError) {
        try write([UInt8](text.utf8), to: path)
    }

    static func write(_ bytes: [UInt8], to path: String) throws(RPCError) {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw .unsupported("\(path) could not be written: \(error)")
        }
    }
}
