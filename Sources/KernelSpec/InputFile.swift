#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Files as this module needs them: read whole, resolved against a folder.
enum InputFile {
    /// The file's bytes; large files are mapped, so that a look at the start costs no more than that.
    ///
    /// - Throws: a `SpecError` that says why it cannot be read.
    static func read(_ path: String) throws(SpecError) -> Data {
        switch kind(of: path) {
        case .missing: throw SpecError(file: path, message: "no such file", help: "check the path")
        case .folder: throw SpecError(file: path, message: "is a folder", help: "give the file in it")
        case .file: break
        }
        do {
            return try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw SpecError(file: path, message: "cannot be read", help: "check its permissions")
        }
    }

    enum Kind { case missing, file, folder }

    static func kind(of path: String) -> Kind {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return .missing }
        return isFolder ? .folder : .file
    }

    /// `path` if it is absolute, else `path` in `folder`.
    static func resolve(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") { return path }
        var rest = path[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        if rest == "." || rest.isEmpty { return folder }
        return folder.hasSuffix("/") ? folder + rest : "\(folder)/\(rest)"
    }

    static func absolute(_ path: String) -> String {
        resolve(path, in: FileManager.default.currentDirectoryPath)
    }

    /// The folder that holds the file at `path`, an absolute path.
    static func folder(of path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.joined(separator: "/")
        return folder.isEmpty ? "/" : folder
    }
}
