/// Compiles CUDA C++ to machine code by NVRTC, or takes it from the cache.
struct NVRTCCompiler {
    private let library: NVRTCLibrary
    private let cache: CubinCache?
    /// The folders of CUDA's own headers, searched after the user's.
    let headers: [String]
    let version: (major: Int, minor: Int)
    /// Such as 90.
    private let architectures: [Int]

    /// - Parameter cache: nil compiles every time.
    init(_ library: NVRTCLibrary, headers: [String], cache: CubinCache?) throws(NVRTCError) {
        self.library = library
        self.headers = headers
        self.cache = cache
        version = try library.version()
        architectures = try library.supportedArchitectures()
    }

    /// "NVRTC 13.0", for the device's description and messages.
    var name: String { "NVRTC \(version.major).\(version.minor)" }

    /// What to compile for to run on a device: its exact architecture. Before version 12, NVRTC knows no names with an "a".
    ///
    /// - Throws: when this NVRTC knows nothing of the device.
    func architecture(for capability: ComputeCapability) throws(CUDACompileError) -> String {
        guard architectures.isEmpty || architectures.contains(capability.number) else {
            let known = architectures.map { "sm_\($0)" }.joined(separator: ", ")
            throw .unusable(
                "\(name) at \(library.path) does not compile for \(capability.architecture), only for \(known); install a "
                    + "CUDA toolkit that does, or name its NVRTC in \(SearchPlaces.nvrtcVariable)")
        }
        return version.major < 12 ? "sm_\(capability.number)" : capability.architecture
    }

    /// - Throws: `source` where the config or its source is at fault, `unusable` where nothing could be compiled.
    func compile(_ program: CUDAProgram) throws(CUDACompileError) -> CUDACompilation {
        if let option = program.foreignArchitecture { throw .foreignArchitecture(option) }
        let files = try SourceFiles(program, headers: headers)
        let arguments = Self.verbose + withoutOwnCache + program.arguments(headers: headers)
        let key = files.fingerprint.map { self.key(program, arguments, $0) }
        if let key, let known = cache?.artifact(for: key) { return CUDACompilation(artifact: known, isCached: true) }

        let compiled = try run(program, files.source, arguments)
        guard let image = compiled.cubin, !image.isEmpty else {
            throw try failure(compiled, program, files.source)
        }
        let told = PtxasLog(compiled.log).kernels
        let kernels = CubinFile(image).functions.merging(told) { $1 }
        let artifact = CUDAArtifact(image: image, symbols: compiled.symbols, kernels: kernels)
        // What ptxas did not tell this time it may tell the next.
        if let key, !told.isEmpty { cache?.store(artifact, for: key) }
        return CUDACompilation(artifact: artifact, isCached: false)
    }

    /// So that ptxas says what each kernel takes.
    private static let verbose = ["--ptxas-options=-v"]

    /// From 12.9 on NVRTC keeps what it compiled, and gives it back without ptxas's words of it.
    private var withoutOwnCache: [String] {
        version >= (12, 9) ? ["--no-cache"] : []
    }

    private func run(
        _ program: CUDAProgram, _ source: [UInt8], _ arguments: [String]
    ) throws(CUDACompileError) -> NVRTCLibrary.Compilation {
        do {
            return try library.compile(
                source: source, path: program.source, options: arguments, names: program.names)
        } catch {
            throw .unusable("\(name): \(error)")
        }
    }

    private func failure(
        _ compiled: NVRTCLibrary.Compilation, _ program: CUDAProgram, _ source: [UInt8]
    ) throws(CUDACompileError) -> CUDACompileError {
        let error = compiled.error
        if error?.code == NVRTCError.invalidOptionCode {
            let told = compiled.log.split(whereSeparator: \.isNewline).first.map(String.init) ?? error?.name
            return .unusable("\(name) does not take all of the compiler options: \(told ?? "no reason given")")
        }
        let reason = CUDADiagnosis(compiled.log, source: program.source).firstError
        if let error, error.code == NVRTCError.builtinsCode {
            return .unusable("\(name): \(reason ?? error.description)")
        }
        if let reason { return .source(reason) }
        // NVRTC 12 loses the assembler's errors where the assembler is verbose.
        let again = try run(program, source, program.arguments(headers: headers))
        let lost = CUDADiagnosis(again.log, source: program.source).firstError
        return .source(lost ?? error?.description ?? "the compiler gave neither machine code nor a reason")
    }

    /// The hash of everything that decides what is compiled.
    private func key(_ program: CUDAProgram, _ arguments: [String], _ files: [String]) -> ContentHash {
        var hash = ContentHash()
        let size = FileSystem.status(of: library.path)?.byteCount ?? 0
        hash.append("cubin 1, \(name), \(size) bytes")
        for part in [arguments, program.names, files] {
            hash.append("\(part.count)")
            for text in part { hash.append(text) }
        }
        return hash
    }
}

struct CUDACompilation: Sendable, Equatable {
    var artifact: CUDAArtifact
    /// Whether it was compiled before.
    var isCached: Bool
}

/// Why there is no machine code.
enum CUDACompileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The source does not compile with this config: the compiler's first error, relative to the source's folder.
    case source(String)
    /// No config could be compiled: the compiler, its options or the source are not usable.
    case unusable(String)

    static func foreignArchitecture(_ option: String) -> CUDACompileError {
        .unusable("the compiler option \(option) has to go: autotune compiles for the device at hand")
    }

    var description: String {
        switch self {
        case .source(let reason), .unusable(let reason): reason
        }
    }
}
