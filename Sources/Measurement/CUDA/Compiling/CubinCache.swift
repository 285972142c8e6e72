import FoundationEssentials
import Synchronization

/// Compiled programs on disk, by the hash of everything they were made from.
///
/// Any number of processes may use one folder: an entry appears whole, by a rename, and is checked when it is read. What
/// was not used for longest goes when the folder grows beyond its limit. A cache that cannot be read or written is no
/// failure: the program is compiled.
final class CubinCache: Sendable {
    static let defaultLimitBytes = 1 << 30

    let folder: String
    let limitBytes: Int
    /// What this process stored since it last looked at the whole folder; nil before it did.
    private let storedBytes = Mutex<Int?>(nil)

    init(folder: String, limitBytes: Int = CubinCache.defaultLimitBytes) {
        self.folder = folder
        self.limitBytes = limitBytes
    }

    /// In `parentFolder`; nil where there is none.
    convenience init?(environment: [String: String]) {
        guard let parent = Self.parentFolder(environment: environment) else { return nil }
        self.init(folder: "\(parent)/cubin")
    }

    /// `$XDG_CACHE_HOME/autotune`, else `~/.cache/autotune`; nil where the environment names neither.
    static func parentFolder(environment: [String: String]) -> String? {
        func folder(_ variable: String) -> String? {
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        guard let cache = folder("XDG_CACHE_HOME") ?? folder("HOME").map({ "\($0)/.cache" }) else { return nil }
        return "\(cache)/autotune"
    }

    private static let suffix = ".cubin"
    private static let temporarySuffix = ".partial"
    /// What is left of a process that was killed while it wrote.
    private static let temporaryLifeSeconds: Int64 = 3_600

    func artifact(for key: ContentHash) -> CUDAArtifact? {
        let path = path(of: key)
        guard let bytes = FileSystem.bytes(of: path) else { return nil }
        guard let artifact = CUDAArtifact(decoding: bytes) else {
            FileSystem.remove(path)
            return nil
        }
        FileSystem.touch(path)
        return artifact
    }

    func makeFolder() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func store(_ artifact: CUDAArtifact, for key: ContentHash) {
        guard let bytes = try? artifact.encoded(), bytes.count <= limitBytes,
            (try? makeFolder()) != nil
        else { return }
        let path = path(of: key)
        let temporary =
            "\(path).\(ProcessInfo.processInfo.processIdentifier).\(UInt32.random(in: 0 ... .max))"
            + Self.temporarySuffix
        guard FileManager.default.createFile(atPath: temporary, contents: Data(bytes)) else {
            return FileSystem.remove(temporary)
        }
        guard FileSystem.rename(temporary, to: path) else { return FileSystem.remove(temporary) }
        let needsTrim = storedBytes.withLock { stored in
            stored = stored.map { $0 + bytes.count }
            // Other processes store too: look again well before this one alone could fill the rest.
            let isTime = stored.map { $0 > limitBytes / 16 } ?? true
            if isTime { stored = 0 }
            return isTime
        }
        if needsTrim { trim() }
    }

    /// Removes what was not used for longest until the folder is within nine tenths of its limit, if it is beyond it.
    func trim() {
        var entries: [(path: String, status: FileSystem.Status)] = []
        let names = FileSystem.names(in: folder)
        for name in names where name.hasSuffix(Self.suffix) || name.hasSuffix(Self.temporarySuffix) {
            let path = "\(folder)/\(name)"
            guard let status = FileSystem.status(of: path) else { continue }
            if name.hasSuffix(Self.suffix) {
                entries.append((path, status))
            } else if FileSystem.secondsNow() - status.changedNanoseconds / 1_000_000_000 > Self.temporaryLifeSeconds {
                FileSystem.remove(path)
            }
        }
        var total = entries.reduce(0) { $0 + $1.status.byteCount }
        guard total > limitBytes else { return }
        entries.sort { ($0.status.changedNanoseconds, $0.path) < ($1.status.changedNanoseconds, $1.path) }
        for entry in entries where total > limitBytes / 10 * 9 {
            FileSystem.remove(entry.path)
            total -= entry.status.byteCount
        }
    }

    private func path(of key: ContentHash) -> String { "\(folder)/\(key.text)\(Self.suffix)" }
}
