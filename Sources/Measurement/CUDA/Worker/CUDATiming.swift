import KernelSpec

/// The timing worker's side of the CUDA backend: the arguments in the device's memory, the reference, and the kernels
/// that are loaded.
final class CUDATiming {
    private let context: CUDAContext
    private let target: Target
    private let arguments: CUDAArguments
    private let routines: DeviceRoutines
    private let verifier: CUDAVerifier
    private let timer: CUDATimer
    private let referenceArtifact: String?
    private var seedOffset: UInt64 = 0
    private var reference: CUDAReference?
    private var kernels: [String: LoadedCUDAKernel] = [:]
    /// How many kernels this worker has run so far.
    private var evaluations = 0

    /// Makes the inputs and computes the reference.
    ///
    /// - Parameter routines: `DeviceRoutines.source`, compiled for the device.
    init(
        _ context: CUDAContext, routines: CUDAArtifact, target: Target, arguments: [Argument],
        referenceArtifact: String?, heartbeat: Heartbeat
    ) throws(RPCError) {
        self.context = context
        self.target = target
        self.referenceArtifact = referenceArtifact
        do {
            let free = try context.memoryInfo().free
            try CUDAMemoryNeed(arguments, device: context.device).check(available: free, "free")
            self.arguments = try CUDAArguments(context, arguments)
            self.routines = try DeviceRoutines(context, artifact: routines)
            timer = try CUDATimer(context, self.arguments)
        } catch let error as RPCError {
            throw error
        } catch {
            throw .unsupported("\(context.device.name) cannot be used: \(error)")
        }
        verifier = CUDAVerifier(
            context: context, arguments: self.arguments, routines: self.routines,
            verification: target.verification)
        try prepareInputs(offset: 0, heartbeat)
    }

    var referenceSeconds: Double? { reference?.seconds }

    func evaluate(_ params: EvaluateMethod.Params, heartbeat: Heartbeat) throws(RPCError) -> EvaluateMethod.Result {
        try makeCurrent()
        try useInputs(params.seedOffset, heartbeat)
        guard let reference else { throw .internalError("there is no reference") }
        defer { evaluations += 1 }
        let start = MonotonicClock.nanoseconds()
        var result = EvaluateMethod.Result(
            outcome: .measured, reason: nil, samplesMs: [], runsPerSample: 1, resources: nil, verifySeconds: 0,
            isSpoiled: false)
        do {
            // What is only verified is a finalist, which stays as it is between being verified and being timed.
            let kernel = try load([params.artifact], unloadingOthers: params.samples > 0)[0]
            result.resources = try kernel.resources
            try verifier.verify(kernel, against: reference, heartbeat: heartbeat)
            result.verifySeconds = MonotonicClock.seconds(since: start)
            guard params.samples > 0 else { return result }
            try timer.warmUp(kernel, seconds: params.warmUpSeconds, heartbeat: heartbeat)
            let timingStart = MonotonicClock.nanoseconds()
            for _ in 0..<params.samples {
                result.samplesMs.append(try timer.sample(kernel, heartbeat: heartbeat))
            }
            result.samplingSeconds = MonotonicClock.seconds(since: timingStart)
            let verifyStart = MonotonicClock.nanoseconds()
            try verifyAgain(kernel, against: reference, heartbeat)
            result.verifySeconds += MonotonicClock.seconds(since: verifyStart)
        } catch {
            let fault = try diagnose(error, reference)
            (result.outcome, result.reason, result.isSpoiled) = (fault.outcome, fault.reason, fault.spoilsWorker)
            result.samplesMs = []
            if result.verifySeconds == 0 { result.verifySeconds = MonotonicClock.seconds(since: start) }
        }
        return result
    }

    /// What a kernel leaves in its module's variables, and races, can make its first run right and later ones wrong.
    private func verifyAgain(
        _ kernel: LoadedCUDAKernel, against reference: CUDAReference, _ heartbeat: Heartbeat
    ) throws {
        do {
            try verifier.verify(kernel, against: reference, heartbeat: heartbeat)
        } catch let error as WrongResult {
            throw WrongResult(
                reason: "right in its first run, not in later ones: \(error.reason)", isStray: error.isStray)
        }
    }

    /// What an error says of the kernel, once it is known whether the device's state is what it should be.
    ///
    /// - Throws: `stateDamaged` where the kernel that ran may not be to blame.
    private func diagnose(_ error: any Error, _ reference: CUDAReference) throws(RPCError) -> CUDAFault {
        var fault = CUDAFault(error)
        if error is CUDAError, !fault.spoilsWorker, (try? context.synchronize()) == nil {
            (fault.outcome, fault.spoilsWorker) = (.runtimeError, true)
        }
        guard error is WrongResult, !fault.spoilsWorker,
            (try? arguments.isIntact(routines) && reference.isIntact(routines)) != true
        else { return fault }
        // Far from all arguments, beyond their guard zones, something was written.
        if evaluations > 0 {
            throw .stateDamaged("memory that no kernel may write was overwritten, by this kernel or one before it")
        }
        fault.reason += "; memory far outside its arguments was overwritten too"
        fault.spoilsWorker = true
        return fault
    }

    func retime(_ params: RetimeMethod.Params, heartbeat: Heartbeat) throws(RPCError) -> RetimeMethod.Result {
        try makeCurrent()
        do {
            let kernels = try load(params.artifacts, unloadingOthers: true)
            for kernel in kernels where params.warmUpSeconds > 0 {
                try timer.warmUp(kernel, seconds: params.warmUpSeconds, heartbeat: heartbeat)
            }
            var samples = [[Double]](repeating: [], count: kernels.count)
            for _ in 0..<params.rounds {
                for (index, kernel) in kernels.enumerated() {
                    samples[index].append(try timer.sample(kernel, heartbeat: heartbeat))
                }
            }
            return RetimeMethod.Result(samplesMs: samples)
        } catch {
            let fault = CUDAFault(error)
            throw fault.spoilsWorker ? .contextLost(fault.reason) : .internalError(fault.reason)
        }
    }

    /// Each call of the worker may run on another thread than the one before.
    private func makeCurrent() throws(RPCError) {
        do { try context.makeCurrent() } catch { throw .contextLost("\(error)") }
    }

    /// Unloads all kernels, and lets the rest be freed on this thread.
    func release() {
        try? makeCurrent()
        kernels = [:]
    }

    /// The kernels of these artifacts.
    private func load(_ artifacts: [String], unloadingOthers: Bool) throws -> [LoadedCUDAKernel] {
        if unloadingOthers { kernels = kernels.filter { artifacts.contains($0.key) } }
        return try artifacts.map { artifact in
            if let known = kernels[artifact] { return known }
            let kernel = try LoadedCUDAKernel(context, path: artifact, name: target.function, arguments: arguments)
            kernels[artifact] = kernel
            return kernel
        }
    }

    /// Other inputs than those in memory are made, and the reference for them computed.
    private func useInputs(_ offset: UInt64, _ heartbeat: Heartbeat) throws(RPCError) {
        if case .files = target.verification.against { return }
        guard offset != seedOffset else { return }
        try prepareInputs(offset: offset, heartbeat)
    }

    private func prepareInputs(offset: UInt64, _ heartbeat: Heartbeat) throws(RPCError) {
        // Its memory is needed for the next.
        reference = nil
        do {
            try arguments.makeInputs(seedOffset: offset, routines, heartbeat: heartbeat)
        } catch {
            throw .unsupported("the inputs cannot be made: \(error)")
        }
        do {
            reference = try makeReference(heartbeat)
        } catch let error as RPCError {
            throw error
        } catch {
            throw .referenceFailed("the reference: \(CUDAFault(error).reason)")
        }
        seedOffset = offset
    }

    private func makeReference(_ heartbeat: Heartbeat) throws -> CUDAReference {
        let name: String
        switch target.verification.against {
        case .files(let paths): return try CUDAReference(files: paths, verifier)
        case .defaultConfig: name = target.function
        case .function(let function): name = function
        case .script: throw RPCError.unsupported("a Python function is the reference of kernels in Python alone")
        }
        guard let referenceArtifact else {
            throw RPCError.invalidParams("open for timing lacks the reference's artifact")
        }
        let kernel = try LoadedCUDAKernel(context, path: referenceArtifact, name: name, arguments: arguments)
        return try CUDAReference(kernel, verifier, heartbeat: heartbeat)
    }
}
