import Foundation
import Subprocess
import SystemPackage

/// The built program, run as a user runs it.
struct Program {
    struct Run {
        var output: String
        var errors: String
        var exitCode: Int32

        var outputLines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    }

    /// The executable that was built beside the tests.
    static let path: String = {
        var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appending(path: "autotune").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        return "autotune"
    }()

    static func run(
        _ arguments: [String], in folder: Folder? = nil, environment: [String: String] = [:]
    ) async throws -> Run {
        var settings = environment
        settings["NO_COLOR"] = "1"
        var updates: [Environment.Key: String?] = [:]
        for name in ["AUTOTUNE_MODEL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "OPENROUTER_API_KEY"] {
            if let key = Environment.Key(rawValue: name) { updates[key] = .some(nil) }
        }
        for (name, value) in settings {
            if let key = Environment.Key(rawValue: name) { updates[key] = value }
        }
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), environment: .inherit.updating(updates),
            workingDirectory: folder.map { FilePath($0.path) }, input: .none, output: .bytes(limit: 16 << 20),
            error: .bytes(limit: 16 << 20))
        let code: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): -signal
            }
        return Run(
            output: String(decoding: result.standardOutput, as: UTF8.self),
            errors: String(decoding: result.standardError, as: UTF8.self), exitCode: code)
    }
}

/// A folder for one test, gone when the test is.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "autotune-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: path).appending(path: name), encoding: .utf8)
    }

    func json(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: path).appending(path: name))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/" + name)
    }
}

/// The hub's data, where it is at hand.
enum Hub {
    static let path: String? = {
        let named = ProcessInfo.processInfo.environment["AUTOTUNE_HUB"]
        let beside = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/hub").path
        return [named, beside].compactMap(\.self).first {
            FileManager.default.fileExists(atPath: $0 + "/convolution_T1.json")
        }
    }()

    static let why: String = "the hub's data is not at hand: set AUTOTUNE_HUB to its folder"
}
