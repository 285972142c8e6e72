import FoundationEssentials

/// The worker program for kernels in Python, which ships inside this one.
enum PythonWorker {
    private static let modules: [(name: String, text: [UInt8])] = [
        ("arguments", PackageResources.arguments_py), ("backend", PackageResources.backend_py),
        ("compile_server", PackageResources.compile_server_py), ("device", PackageResources.device_py),
        ("failures", PackageResources.failures_py),
        ("fills", PackageResources.fills_py), ("helion_language", PackageResources.helion_language_py),
        ("helion_space", PackageResources.helion_space_py), ("main", PackageResources.main_py),
        ("results", PackageResources.results_py), ("sources", PackageResources.sources_py),
        ("timer", PackageResources.timer_py), ("triton_language", PackageResources.triton_language_py),
        ("triton_launch", PackageResources.triton_launch_py),
    ]
    /// The guard keeps processes that Python's multiprocessing starts from becoming workers themselves.
    private static let start = "from autotune_worker.main import main\n\nif __name__ == \"__main__\":\n    main()\n"

    /// Puts the program where an interpreter finds it, unless it is there: a folder that Python runs, named by its content.
    ///
    /// - Throws: when it cannot be written.
    static func install(environment: [String: String] = ProcessInfo.processInfo.environment) throws(MeasurementError)
        -> String
    {
        let parent =
            (CubinCache.parentFolder(environment: environment) ?? FileManager.default.temporaryDirectory.path)
            + "/python"
        var hash = ContentHash()
        for module in modules { hash.append(module.text) }
        let folder = "\(parent)/\(hash.text.prefix(16))"
        guard !FileManager.default.fileExists(atPath: "\(folder)/__main__.py") else { return folder }
        // Complete or not there: another run may look for it at this moment.
        let partial = "\(folder).\(UInt64.random(in: .min ... .max))"
        do {
            try FileManager.default.createDirectory(
                atPath: "\(partial)/autotune_worker", withIntermediateDirectories: true)
            for module in modules {
                try Data(module.text).write(to: URL(filePath: "\(partial)/autotune_worker/\(module.name).py"))
            }
            try Data(start.utf8).write(to: URL(filePath: "\(partial)/__main__.py"))
            do { try FileManager.default.moveItem(atPath: partial, toPath: folder) } catch {
                try? FileManager.default.removeItem(atPath: partial)
                guard FileManager.default.fileExists(atPath: "\(folder)/__main__.py") else { throw error }
            }
        } catch {
            throw MeasurementError(
                .noWorkingSpace, "the worker for Python could not be written to \(folder): \(error)",
                help: "Set XDG_CACHE_HOME to a folder that can be written to.")
        }
        return folder
    }
}
