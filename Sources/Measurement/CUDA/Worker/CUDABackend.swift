import FoundationEssentials
import KernelSpec

/// CUDA kernels: compiled in workers that need no GPU, loaded, verified and timed in one that has the device.
final class CUDABackend: WorkerBackend {
    private let target: Target
    private let libraries: CUDALibraries
    private let cache: CubinCache?
    private var folder = ""
    private var compiling: CUDACompiling?
    private var timing: CUDATiming?

    init(target: Target, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.target = target
        libraries = CUDALibraries(environment: environment)
        cache = CubinCache(environment: environment)
    }

    func open(_ params: OpenMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> OpenMethod.Result {
        var arguments: [Argument] = []
        for argument in target.arguments { arguments.append(try argument.argument()) }
        folder = params.artifactFolder
        do { try ArtifactFolder.make(folder) } catch { throw .unsupported(error.message) }
        switch params.role {
        case .compile: return try await openForCompiling(params, arguments)
        case .timing: return try await openForTiming(params, arguments, heartbeat)
        }
    }

    private func openForCompiling(
        _ params: OpenMethod.Params, _ arguments: [Argument]
    ) async throws(RPCError) -> OpenMethod.Result {
        WorkerSignals.stepBack()
        let device = params.architecture == nil ? try firstDevice() : nil
        if let device { try CUDAMemoryNeed(arguments, device: device).check(available: device.memoryBytes, "in all") }
        let compiler = try await CUDACompiler(target.compiler, libraries, cache)
        let own = try device.map { device throws(RPCError) in try compiler.architecture(for: device.capability) }
        guard let architecture = params.architecture ?? own else {
            throw .invalidParams("open for compiling lacks the architecture")
        }
        compiling = CUDACompiling(target: target, compiler: compiler, architecture: architecture, folder: folder)
        let facts = [DeviceDescription.Fact(name: "Compiler", value: compiler.name)]
        return OpenMethod.Result(
            device: device?.description(more: facts) ?? DeviceDescription(name: architecture, facts: facts),
            architecture: architecture)
    }

    private func openForTiming(
        _ params: OpenMethod.Params, _ arguments: [Argument], _ heartbeat: Heartbeat
    ) async throws(RPCError) -> OpenMethod.Result {
        let device = try firstDevice()
        let context: CUDAContext
        do {
            context = try CUDAContext(libraries.driver.result.get(), device: device)
        } catch {
            throw .unsupported("\(device.name) cannot be used: \(error)")
        }
        let compiler = try await CUDACompiler(target.compiler, libraries, cache)
        let architecture = try compiler.architecture(for: device.capability)
        let routines = try await compiler.routines(architecture, cache, folder: folder)
        heartbeat.beat()
        do { try context.makeCurrent() } catch { throw .contextLost("\(error)") }
        let timing = try CUDATiming(
            context, routines: routines, target: target, arguments: arguments, referenceArtifact: params.reference,
            heartbeat: heartbeat)
        self.timing = timing
        return OpenMethod.Result(
            device: device.description(), referenceSeconds: timing.referenceSeconds, architecture: architecture,
            copyBytesPerSecond: timing.copyBytesPerSecond)
    }

    func compile(_ params: CompileMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> CompileMethod.Result {
        guard let compiling else { throw .invalidParams("compile in a worker that was opened for timing") }
        return try await compiling.compile(params)
    }

    func evaluate(_ params: EvaluateMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> EvaluateMethod.Result
    {
        guard let timing else { throw .invalidParams("evaluate in a worker that was opened for compiling") }
        return try timing.evaluate(params, heartbeat: heartbeat)
    }

    func retime(_ params: RetimeMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> RetimeMethod.Result {
        guard let timing else { throw .invalidParams("retime in a worker that was opened for compiling") }
        return try timing.retime(params, heartbeat: heartbeat)
    }

    func close(_ params: CloseMethod.Params) async throws(RPCError) -> CloseMethod.Result {
        timing?.release()
        timing = nil
        if params.removesArtifacts { ArtifactFolder.remove(folder) }
        return CloseMethod.Result()
    }

    /// The device that kernels run on.
    private func firstDevice() throws(RPCError) -> CUDADevice {
        let devices: [CUDADevice]
        do { devices = try libraries.devices() } catch {
            throw .unsupported("CUDA kernels need an NVIDIA device, and the driver tells of none: \(error)")
        }
        guard let device = devices.first else { throw .unsupported(Self.missingDevice(libraries.driver)) }
        return device
    }

    /// What was looked for, and where.
    static func missingDevice(_ driver: CUDALibraries.Found<DriverLibrary>) -> String {
        guard let problem = driver.problem else {
            return "CUDA kernels need an NVIDIA device, and the driver \(driver.library?.path ?? "") has none to "
                + "offer; check `nvidia-smi` and CUDA_VISIBLE_DEVICES"
        }
        return "CUDA kernels need an NVIDIA device with its driver: \(problem); looked for "
            + "\(driver.search.names.joined(separator: ", ")) in \(driver.search.places.joined(separator: ", "))"
    }
}
