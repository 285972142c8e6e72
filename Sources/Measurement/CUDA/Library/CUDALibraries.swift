/// Opens CUDA's libraries, each the first time it is asked for.
final class CUDALibraries {
    let places: SearchPlaces

    init(environment: [String: String]) {
        places = SearchPlaces(environment: environment)
    }

    /// A library that was looked for: what came of it, and which file it was.
    struct Found<Library> {
        var search: LibrarySearch
        var result: Result<Library, LibraryError>

        var library: Library? { try? result.get() }
        /// Of the file that was found and does not work.
        var failedPath: String? {
            if case .failure(let error) = result, FileSystem.isFile(error.library) { error.library } else { nil }
        }
        var problem: String? {
            if case .failure(let error) = result { error.description } else { nil }
        }
    }

    private(set) lazy var driver: Found<DriverLibrary> = {
        Self.open(places.driver) { library throws(LibraryError) in
            let driver = try DriverLibrary(library)
            do throws(CUDAError) { try driver.initialize() } catch {
                throw LibraryError(library: driver.path, message: error.description)
            }
            return driver
        }
    }()

    private(set) lazy var nvml: Found<NVMLLibrary> = Self.open(places.nvml) { library throws(LibraryError) in
        try NVMLLibrary(library)
    }

    /// Not newer than the driver, where there is one.
    private(set) lazy var nvrtc: Found<NVRTCLibrary> = {
        let driverMajor = (try? driver.library?.driverVersion()).map { $0 / 1000 }
        return Self.open(places.nvrtc(driverMajor: driverMajor)) { library throws(LibraryError) in
            let nvrtc = try NVRTCLibrary(library)
            Self.openBuiltins(beside: nvrtc)
            return nvrtc
        }
    }()

    /// All devices this process may use.
    func devices() throws(CUDAError) -> [CUDADevice] {
        guard let driver = driver.library else { return [] }
        var devices: [CUDADevice] = []
        for index in 0..<(try driver.deviceCount()) { devices.append(try CUDADevice(driver, index: index)) }
        return devices
    }

    /// NVRTC with CUDA's headers and the user's cache, ready to compile.
    ///
    /// - Throws: `unusable`, with what was looked for.
    func compiler(cache: CubinCache?) throws(CUDACompileError) -> NVRTCCompiler {
        switch nvrtc.result {
        case .failure(let error):
            throw .unusable(
                "NVRTC, CUDA's compiler, cannot be used: \(error); `autotune devices` says where it was looked for")
        case .success(let library):
            do {
                return try NVRTCCompiler(library, headers: places.headers(besideNVRTC: library.path), cache: cache)
            } catch {
                throw .unusable("NVRTC at \(library.path): \(error)")
            }
        }
    }

    /// Opens what NVRTC opens by name alone when it compiles: some versions do not look beside themselves, and the loader
    /// does not look in pip's folders. One that is open already is found.
    private static func openBuiltins(beside library: NVRTCLibrary) {
        guard let version = try? library.version() else { return }
        let name = "libnvrtc-builtins.so.\(version.major).\(version.minor)"
        for path in [library.path, FileSystem.realPath(library.path)] {
            let builtins = "\(FileSystem.folder(of: path))/\(name)"
            // Where it is not there, NVRTC looks for it in its own ways and tells what it misses.
            if FileSystem.isFile(builtins), (try? SharedLibrary(builtins)) != nil { return }
        }
    }

    /// Opens the first candidate that opens and works; else the most telling failure is the result.
    private static func open<Library>(
        _ search: LibrarySearch, _ make: (SharedLibrary) throws(LibraryError) -> Library
    ) -> Found<Library> {
        var failure: LibraryError?
        for candidate in search.candidates {
            do throws(LibraryError) {
                return Found(search: search, result: .success(try make(SharedLibrary(candidate))))
            } catch {
                // A file that is there and fails says more than a name that the loader does not find.
                if failure == nil || candidate.contains("/") { failure = error }
            }
        }
        let none = LibraryError(library: search.names.first ?? "the library", message: "not found")
        return Found(search: search, result: .failure(failure ?? none))
    }
}

extension CUDALibraries {
    /// What was found, for the user.
    func installation() -> CUDAInstallation {
        var driverReport = report(
            "CUDA driver", driver.search, driver.library?.path ?? driver.failedPath, driver.problem)
        var nvrtcReport = report("NVRTC", nvrtc.search, nvrtc.library?.path ?? nvrtc.failedPath, nvrtc.problem)
        let nvmlReport = report(
            "NVML", nvml.search, nvml.library?.path ?? nvml.failedPath, nvml.problem, isOptional: true)
        var devices: [CUDADevice] = []
        if let version = try? driver.library?.driverVersion() {
            driverReport.version = "CUDA \(version / 1000).\(version % 1000 / 10)"
        }
        if let release = nvml.library?.driver {
            driverReport.version = (driverReport.version.map { "\($0), " } ?? "") + "release \(release)"
        }
        if let version = try? nvrtc.library?.version() { nvrtcReport.version = "\(version.major).\(version.minor)" }
        do { devices = try self.devices() } catch { driverReport.problem = error.description }
        // Where none is chosen, kernels run on the first device.
        if let device = devices.first, let compiler = try? compiler(cache: nil) {
            do { _ = try compiler.architecture(for: device.capability) } catch {
                nvrtcReport.problem = error.description
            }
        }
        return CUDAInstallation(
            driver: driverReport, nvrtc: nvrtcReport, nvml: nvmlReport,
            headers: nvrtc.library.map { places.headers(besideNVRTC: $0.path) } ?? [],
            devices: devices.map { device in
                var summary = device.summary
                let state = nvml.library?.state(ofDevice: device.uuid)?.description ?? ""
                summary.state = state.isEmpty ? nil : state
                return summary
            })
    }

    private func report(
        _ name: String, _ search: LibrarySearch, _ path: String?, _ problem: String?, isOptional: Bool = false
    ) -> CUDAInstallation.Component {
        CUDAInstallation.Component(
            name: name, path: path, problem: problem, names: search.names, places: search.places, isOptional: isOptional
        )
    }
}
