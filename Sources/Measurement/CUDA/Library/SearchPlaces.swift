/// A folder in which CUDA may live, and where the thought came from.
struct SearchPlace: Sendable, Hashable {
    var folder: String
    /// The environment's variable that names it; nil for a usual place.
    var variable: String?
}

/// Where CUDA's libraries and headers may lie on this machine, best first.
///
/// Nothing is run to find out: python's folders are read off the places in which python keeps packages.
struct SearchPlaces: Sendable {
    let environment: [String: String]

    init(environment: [String: String]) {
        self.environment = environment
    }

    #if arch(arm64)
    private static let targets = ["aarch64-linux", "sbsa-linux"]
    private static let multiarch = "/usr/lib/aarch64-linux-gnu"
    #else
    private static let targets = ["x86_64-linux"]
    private static let multiarch = "/usr/lib/x86_64-linux-gnu"
    #endif

    /// Toolkits that the environment names.
    var namedToolkits: [SearchPlace] {
        unique(
            ["CUDA_HOME", "CUDA_PATH"].compactMap { name in
                value(name).map { SearchPlace(folder: $0, variable: name) }
            })
    }

    /// Toolkits in the usual place, the unversioned one and then the newest first.
    var usualToolkits: [SearchPlace] {
        let names = FileSystem.names(in: "/usr/local").filter { $0.hasPrefix("cuda") }
        let newestFirst = names.sorted { Self.version(in: $1).lexicographicallyPrecedes(Self.version(in: $0)) }
        return (names.contains("cuda") ? ["cuda"] : []).map { SearchPlace(folder: "/usr/local/\($0)") }
            + newestFirst.filter { $0 != "cuda" }.map { SearchPlace(folder: "/usr/local/\($0)") }
    }

    /// Where a toolkit keeps its libraries. Its `stubs` are never among them: they only look like the driver.
    static func libraryFolders(ofToolkit folder: String) -> [String] {
        ["\(folder)/lib64"] + targets.map { "\(folder)/targets/\($0)/lib" } + ["\(folder)/lib"]
    }

    static func includeFolders(ofToolkit folder: String) -> [String] {
        ["\(folder)/include"] + targets.map { "\(folder)/targets/\($0)/include" }
    }

    /// Where drivers are put that the loader may not know of: distributions, WSL, containers.
    static let driverFolders = [
        multiarch, "/usr/lib64", "/usr/lib", "/usr/lib/wsl/lib", "/usr/local/nvidia/lib64", "/run/opengl-driver/lib",
    ]

    static let systemLibraryFolders = [multiarch, "/usr/lib64", "/usr/lib"]

    /// The folders in which pythons of this machine keep packages, those of the active environment first.
    var pythonPackageFolders: [String] {
        var roots: [String] = []
        for variable in ["VIRTUAL_ENV", "CONDA_PREFIX"] { roots += value(variable).map { [$0] } ?? [] }
        for folder in (value("PATH") ?? "").split(separator: ":").map(String.init) {
            for program in ["python3", "python"] where FileSystem.isFile("\(folder)/\(program)") {
                roots.append(FileSystem.folder(of: folder))
                roots.append(FileSystem.folder(of: FileSystem.folder(of: FileSystem.realPath("\(folder)/\(program)"))))
            }
        }
        if let pyenv = value("PYENV_ROOT") ?? value("HOME").map({ "\($0)/.pyenv" }) {
            roots += FileSystem.names(in: "\(pyenv)/versions").map { "\(pyenv)/versions/\($0)" }
        }
        roots += (value("HOME").map { ["\($0)/.local"] } ?? []) + ["/usr/local", "/usr"]
        var folders = (value("PYTHONPATH") ?? "").split(separator: ":").map(String.init)
        for root in roots {
            for library in ["\(root)/lib", "\(root)/lib64"] {
                for python in FileSystem.names(in: library).reversed() where python.hasPrefix("python3") {
                    folders += ["\(library)/\(python)/site-packages", "\(library)/\(python)/dist-packages"]
                }
            }
        }
        return unique(folders).filter { FileSystem.exists("\($0)/nvidia") }
    }

    /// The library folders of pip's CUDA packages: `nvidia/cu13/lib` (CUDA 13), `nvidia/cuda_nvrtc/lib` (before).
    var pipLibraryFolders: [SearchPlace] {
        pythonPackageFolders.flatMap { packages in
            FileSystem.names(in: "\(packages)/nvidia").map { "\(packages)/nvidia/\($0)/lib" }
        }
        .filter(FileSystem.exists).map { SearchPlace(folder: $0) }
    }

    /// Where nvcc may lie.
    var programFolders: [String] {
        let toolkits = (namedToolkits + usualToolkits).map { "\($0.folder)/bin" }
        let pip = pythonPackageFolders.flatMap { ["\($0)/nvidia/cu13/bin", "\($0)/nvidia/cuda_nvcc/bin"] }
        return unique((value("PATH") ?? "").split(separator: ":").map(String.init) + toolkits + pip)
    }

    func value(_ variable: String) -> String? {
        environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The numbers in a name, such as 12 and 4 in "cuda-12.4".
    private static func version(in name: String) -> [Int] {
        name.split { !$0.isNumber }.map { Int($0) ?? 0 }
    }

    private func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }
}
