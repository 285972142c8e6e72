/// NVRTC, or nvcc where the spec asks for it.
enum CUDACompiler {
    case nvrtc(NVRTCCompiler)
    case nvcc(NVCCCompiler)

    /// - Parameter program: the spec's "compiler"; nil is NVRTC.
    /// - Throws: `unsupported`, with what was looked for.
    init(_ program: String?, _ libraries: CUDALibraries, _ cache: CubinCache?) async throws(RPCError) {
        do throws(CUDACompileError) {
            if let program, program != "nvrtc" {
                self = .nvcc(try await NVCCCompiler(program, places: libraries.places, cache: cache))
            } else {
                self = .nvrtc(try libraries.compiler(cache: cache))
            }
        } catch {
            throw .unsupported(error.description)
        }
    }

    var name: String {
        switch self {
        case .nvrtc(let compiler): compiler.name
        case .nvcc(let compiler): compiler.version
        }
    }

    func architecture(for capability: ComputeCapability) throws(RPCError) -> String {
        guard case .nvrtc(let compiler) = self else { return capability.architecture }
        do { return try compiler.architecture(for: capability) } catch { throw .unsupported(error.description) }
    }

    /// - Parameter scratch: a folder for the compiler's own files.
    func compile(_ program: CUDAProgram, scratch: String) async throws(CUDACompileError) -> CUDAArtifact {
        switch self {
        case .nvrtc(let compiler): try compiler.compile(program).artifact
        case .nvcc(let compiler): try await compiler.compile(program, scratch: scratch).artifact
        }
    }

    /// `DeviceRoutines.source` for the device.
    func routines(_ architecture: String, _ cache: CubinCache?, folder: String) async throws(RPCError) -> CUDAArtifact {
        do throws(CUDACompileError) {
            return try await own(
                DeviceRoutines.source, functions: DeviceRoutines.names, options: DeviceRoutines.options,
                architecture: architecture, cache, folder: folder)
        } catch {
            throw .unsupported("autotune's own routines do not compile for \(architecture): \(error)")
        }
    }

    /// Compiles a source of autotune's own.
    ///
    /// - Parameter folder: of the session, for the source where there is no cache, and for the compiler's own files.
    func own(
        _ source: String, functions: [String], options: [String] = [], architecture: String, _ cache: CubinCache?,
        folder: String
    ) async throws(CUDACompileError) -> CUDAArtifact {
        let name = "own-\(ContentHash([UInt8](source.utf8)).text.prefix(16)).cu"
        var path = "\(folder)/\(name)"
        // Where the path is always the same, the cache knows the program again.
        if let cache, (try? cache.makeFolder()) != nil,
            (try? ArtifactFolder.write(source, to: "\(cache.folder)/\(name)")) != nil
        {
            path = "\(cache.folder)/\(name)"
        } else {
            do { try ArtifactFolder.write(source, to: path) } catch { throw .unusable(error.message) }
        }
        let program = CUDAProgram(
            source: path, function: functions.first ?? "", otherNames: Array(functions.dropFirst()), options: options,
            architecture: architecture)
        return try await compile(program, scratch: folder)
    }
}
