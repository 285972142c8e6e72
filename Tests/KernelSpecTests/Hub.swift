import Foundation

/// The auto-tuning community's real files, where they lie beside the repository; tests of them are skipped elsewhere.
enum Hub {
    static let folder: String? = {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let hub = repository.deletingLastPathComponent().appending(path: "shared/hub").path
        return FileManager.default.fileExists(atPath: hub + "/convolution_T1.json") ? hub : nil
    }()

    static var isThere: Bool { folder != nil }

    static func path(_ name: String) -> String { "\(folder ?? "")/\(name)" }
}
