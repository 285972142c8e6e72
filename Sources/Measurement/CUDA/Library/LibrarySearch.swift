/// Looks for one of CUDA's libraries and opens the first that opens.
struct LibrarySearch: Sendable {
    /// The versioned names it may have, best first.
    var names: [String]
    /// The library, or its folder, that the user gave; nothing else is tried then.
    var override: SearchPlace?
    /// Folders before the loader's own way.
    var before: [SearchPlace]
    /// Folders after it.
    var after: [SearchPlace]

    /// All paths in the order they are tried; names without a slash are for the loader to look up.
    var candidates: [String] {
        if let override {
            return FileSystem.isFile(override.folder) ? [override.folder] : names.map { "\(override.folder)/\($0)" }
        }
        let inFolders = { (places: [SearchPlace]) in
            places.flatMap { place in names.map { "\(place.folder)/\($0)" } }.filter(FileSystem.exists)
        }
        var seen: Set<String> = []
        return (inFolders(before) + names + inFolders(after)).filter { seen.insert($0).inserted }
    }

    /// Where it was looked, in words.
    var places: [String] {
        let told = { (place: SearchPlace) in place.variable.map { "\(place.folder) ($\($0))" } ?? place.folder }
        if let override { return [told(override)] }
        return before.map(told) + ["the loader's path"] + after.map(told)
    }
}

extension SearchPlaces {
    /// The driver belongs to the system: a toolkit's folder holds a stub of it at most.
    var driver: LibrarySearch {
        LibrarySearch(
            names: ["libcuda.so.1"], before: [], after: Self.driverFolders.map { SearchPlace(folder: $0) })
    }

    var nvml: LibrarySearch {
        LibrarySearch(
            names: ["libnvidia-ml.so.1"], before: [], after: Self.driverFolders.map { SearchPlace(folder: $0) })
    }

    static let nvrtcVariable = "AUTOTUNE_NVRTC"

    /// - Parameter driverMajor: the driver's CUDA version; what a newer major version compiles does not load in it.
    func nvrtc(driverMajor: Int?) -> LibrarySearch {
        let byMajor = [13: "libnvrtc.so.13", 12: "libnvrtc.so.12", 11: "libnvrtc.so.11.2"]
        let newestFirst = byMajor.keys.sorted(by: >)
        let loadable = newestFirst.filter { $0 <= driverMajor ?? .max }
        let folders = { (toolkits: [SearchPlace]) in
            toolkits.flatMap { toolkit in
                Self.libraryFolders(ofToolkit: toolkit.folder)
                    .map { SearchPlace(folder: $0, variable: toolkit.variable) }
            }
        }
        return LibrarySearch(
            names: loadable.compactMap { byMajor[$0] },
            override: value(Self.nvrtcVariable).map { SearchPlace(folder: $0, variable: Self.nvrtcVariable) },
            before: folders(namedToolkits),
            after: folders(usualToolkits) + pipLibraryFolders
                + Self.systemLibraryFolders.map { SearchPlace(folder: $0) })
    }

    /// The folders of CUDA's own headers that belong to the NVRTC at `library`; those of `<nv/…>` and `<cuda/std/…>`
    /// come after the others.
    func headers(besideNVRTC library: String) -> [String] {
        var candidates: [String] = []
        for path in [library, FileSystem.realPath(library)] {
            let above = FileSystem.folder(of: FileSystem.folder(of: path))
            let pip = FileSystem.folder(of: above)
            candidates += ["\(above)/include", "\(pip)/cuda_runtime/include"]
        }
        for toolkit in namedToolkits { candidates += Self.includeFolders(ofToolkit: toolkit.folder) }
        for toolkit in usualToolkits { candidates += Self.includeFolders(ofToolkit: toolkit.folder) }
        for packages in pythonPackageFolders {
            candidates += ["\(packages)/nvidia/cu13/include", "\(packages)/nvidia/cuda_runtime/include"]
        }
        candidates.append("/usr/include")
        guard let main = candidates.first(where: { FileSystem.isFile("\($0)/cuda_fp16.h") }) else { return [] }
        let nvidia = FileSystem.folder(of: FileSystem.folder(of: main))
        let libcuxx = ["\(main)/cccl", "\(nvidia)/cuda_cccl/include"]
            .first { FileSystem.isFile("\($0)/nv/target") }
        return [main] + (libcuxx.map { [$0] } ?? [])
    }
}
