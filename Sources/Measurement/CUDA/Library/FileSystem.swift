import FoundationEssentials

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The few questions about files that finding CUDA and knowing a source's includes ask.
enum FileSystem {
    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    static func isFile(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
    }

    /// The names in a folder, sorted; none where there is no such folder.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    static func bytes(of path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }

    /// Without symbolic links, `.` and `..`; the path itself where it leads nowhere.
    static func realPath(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// All but the last component, without a slash at its end.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

// What FoundationEssentials does not have, or only slowly.
extension FileSystem {
    struct Status: Sendable, Equatable {
        var byteCount: Int
        /// When the content was changed last, since 1970.
        var changedNanoseconds: Int64
    }

    /// Of a file; nil for anything else.
    static func status(of path: String) -> Status? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return Status(
            byteCount: Int(status.st_size),
            changedNanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    /// Sets the time of change to now.
    static func touch(_ path: String) {
        _ = unsafe utimensat(AT_FDCWD, path, nil, 0)
    }

    static func secondsNow() -> Int64 { Int64(time(nil)) }

    static func remove(_ path: String) {
        _ = unsafe unlink(path)
    }

    /// Replaces what is there, in one step.
    static func rename(_ path: String, to target: String) -> Bool {
        #if canImport(Darwin)
        return unsafe Darwin.rename(path, target) == 0
        #elseif canImport(Musl)
        return unsafe Musl.rename(path, target) == 0
        #else
        return unsafe Glibc.rename(path, target) == 0
        #endif
    }
}
