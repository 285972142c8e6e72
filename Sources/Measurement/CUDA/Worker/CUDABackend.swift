import FoundationEssentials
import KernelSpec

/// CUDA kernels: compiled in workers that need no GPU, loaded, verified and timed in one that has the device.
final class CUDABackend: WorkerBackend {
    private let target: Target
    private let libraries: CUDALibraries
    private let cache: CubinCache?
    private let limitCache: LimitCache?
    private var folder = ""
    private var compiling: CUDACompiling?
    private var timing: CUDATiming?

    init(target: Target, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.target = target
        libraries = CUDALibraries(environment: environment)
        cache = CubinCache(environment: environment)
        limitCache = LimitCache(environment: environment)
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
        let devices = params.architecture == nil ? try devices() : []
        let device = params.architecture == nil ? try Self.choose(params.device, of: devices) : nil
        if let device { try CUDAMemoryNeed(arguments, device: device).check(available: device.memoryBytes, "in all") }
        let compiler = try await CUDACompiler(target.compiler, libraries, cache)
        let own = try device.map { device throws(RPCError) in try compiler.architecture(for: device.capability) }
        guard let architecture = params.architecture ?? own else {
            throw .invalidParams("open for compiling lacks the architecture")
        }
        compiling = CUDACompiling(target: target, compiler: compiler, architecture: architecture, folder: folder)
        let limits = device.flatMap(knownLimits)
        return OpenMethod.Result(
            device: description(of: device, architecture, limits, compiler), architecture: architecture, limits: limits,
            limitsArePending: limits == nil,
            devices: devices.map {
                DeviceChoice(index: $0.index, name: $0.name, architecture: $0.capability.architecture)
            })
    }

    private func description(
        of device: CUDADevice?, _ architecture: String, _ limits: DeviceLimits?, _ compiler: CUDACompiler
    ) -> DeviceDescription {
        let facts = (limits?.facts ?? []) + [DeviceDescription.Fact(name: "Compiler", value: compiler.name)]
        return device?.description(more: facts) ?? DeviceDescription(name: architecture, facts: facts)
    }

    private func openForTiming(
        _ params: OpenMethod.Params, _ arguments: [Argument], _ heartbeat: Heartbeat
    ) async throws(RPCError) -> OpenMethod.Result {
        let device = try Self.choose(params.device, of: devices())
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
        let limits = await limits(
            LimitMeasurement(
                context: context, compiler: compiler, architecture: architecture, cubins: cache, folder: folder),
            heartbeat)
        do { try context.makeCurrent() } catch { throw .contextLost("\(error)") }
        let timing = try CUDATiming(
            context, routines: routines, target: target, arguments: arguments, referenceArtifact: params.reference,
            heartbeat: heartbeat)
        self.timing = timing
        return OpenMethod.Result(
            device: description(of: device, architecture, limits, compiler), referenceSeconds: timing.referenceSeconds,
            architecture: architecture, limits: limits)
    }

    /// Of the cache.
    private func knownLimits(of device: CUDADevice) -> DeviceLimits? {
        guard let driver = try? libraries.driver.library?.driverVersion() else { return nil }
        return limitCache?.limits(of: device, driver: driver)
    }

    /// Of the cache, else measured and put there.
    private func limits(_ measurement: LimitMeasurement, _ heartbeat: Heartbeat) async -> DeviceLimits {
        let device = measurement.context.device
        if let known = knownLimits(of: device) { return known }
        let limits = await measurement.limits(heartbeat: heartbeat)
        if limits.isComplete, let driver = try? libraries.driver.library?.driverVersion() {
            limitCache?.store(limits, of: device, driver: driver)
        }
        return limits
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

    /// The devices there are, at least one.
    private func devices() throws(RPCError) -> [CUDADevice] {
        let devices: [CUDADevice]
        do { devices = try libraries.devices() } catch {
            throw .unsupported("CUDA kernels need an NVIDIA device, and the driver tells of none: \(error)")
        }
        guard !devices.isEmpty else { throw .unsupported(Self.missingDevice(libraries.driver)) }
        return devices
    }

    private static func choose(_ index: Int?, of devices: [CUDADevice]) throws(RPCError) -> CUDADevice {
        guard let device = devices.first(where: { $0.index == index ?? 0 }) else {
            let verb = devices.count == 1 ? "is" : "are"
            throw .unsupported("there is no device \(index ?? 0); there \(verb) \(devices.count), numbered from 0")
        }
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
