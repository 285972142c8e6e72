import KernelSpec

/// The timing worker's side of the CPU backend: the arguments in memory, the reference, and the kernels that are loaded.
final class CPUTiming {
    private let arguments: CPUArguments
    private let verifier: CPUVerifier
    private let timer: CPUTimer
    private let against: TargetVerification.Reference
    private let referenceArtifact: String?
    private var seedOffset: UInt64 = 0
    private var reference: CPUReference
    private var kernels: [String: LoadedKernel] = [:]

    /// Makes the inputs and computes the reference.
    init(
        arguments: [Argument], verification: TargetVerification, referenceArtifact: String?, heartbeat: Heartbeat
    ) throws(RPCError) {
        self.arguments = try CPUArguments(arguments)
        self.against = verification.against
        self.referenceArtifact = referenceArtifact
        verifier = CPUVerifier(arguments: self.arguments, verification: verification)
        timer = CPUTimer(arguments: self.arguments, flusher: CacheFlusher(byteCount: 2 * CPUCaches.lastLevelBytes))
        try self.arguments.makeInputs(seedOffset: 0, heartbeat: heartbeat)
        reference = try Self.reference(verification.against, referenceArtifact, verifier, heartbeat)
    }

    var referenceSeconds: Double? { reference.seconds }

    func evaluate(_ params: EvaluateMethod.Params, heartbeat: Heartbeat) throws(RPCError) -> EvaluateMethod.Result {
        try useInputs(params.seedOffset, heartbeat)
        let start = MonotonicClock.nanoseconds()
        var result = EvaluateMethod.Result(
            outcome: .measured, reason: nil, samplesMs: [], runsPerSample: 1, resources: nil, verifySeconds: 0,
            isSpoiled: false)
        do {
            // What is only verified is a finalist, which stays as it is between being verified and being timed.
            let kernel = try load([params.artifact], unloadingOthers: params.samples > 0)[0]
            do {
                let outputs = try verifier.run(kernel, heartbeat: heartbeat)
                result.reason = verifier.difference(outputs, from: reference, heartbeat: heartbeat)
            } catch {
                result.reason = error.reason
            }
            if result.reason != nil { result.outcome = .wrongResult }
            result.verifySeconds = MonotonicClock.seconds(since: start)
            guard result.outcome == .measured, params.samples > 0 else { return result }
            timer.warmUp(kernel, seconds: params.warmUpSeconds, heartbeat: heartbeat)
            result.runsPerSample = kernel.runsPerSample ?? 1
            let timingStart = MonotonicClock.nanoseconds()
            for _ in 0..<params.samples { result.samplesMs.append(timer.sample(kernel, heartbeat: heartbeat)) }
            result.samplingSeconds = MonotonicClock.seconds(since: timingStart)
        } catch {
            (result.outcome, result.reason) = (.launchError, error.reason)
        }
        return result
    }

    func retime(_ params: RetimeMethod.Params, heartbeat: Heartbeat) throws(RPCError) -> RetimeMethod.Result {
        let kernels: [LoadedKernel]
        do { kernels = try load(params.artifacts, unloadingOthers: true) } catch { throw .internalError(error.reason) }
        for kernel in kernels where params.warmUpSeconds > 0 || kernel.runsPerSample == nil {
            timer.warmUp(kernel, seconds: params.warmUpSeconds, heartbeat: heartbeat)
        }
        var samples = [[Double]](repeating: [], count: kernels.count)
        for _ in 0..<params.rounds {
            for (index, kernel) in kernels.enumerated() {
                samples[index].append(timer.sample(kernel, heartbeat: heartbeat))
            }
        }
        return RetimeMethod.Result(samplesMs: samples)
    }

    /// The kernels of these artifacts.
    private func load(_ artifacts: [String], unloadingOthers: Bool) throws(LaunchFailure) -> [LoadedKernel] {
        if unloadingOthers { kernels = kernels.filter { artifacts.contains($0.key) } }
        var loaded: [LoadedKernel] = []
        for artifact in artifacts {
            let kernel: LoadedKernel
            if let known = kernels[artifact] { kernel = known } else { kernel = try LoadedKernel(path: artifact) }
            kernels[artifact] = kernel
            loaded.append(kernel)
        }
        return loaded
    }

    /// Other inputs than those in memory are made, and the reference for them computed.
    private func useInputs(_ offset: UInt64, _ heartbeat: Heartbeat) throws(RPCError) {
        if case .files = against { return }
        guard offset != seedOffset else { return }
        try arguments.makeInputs(seedOffset: offset, heartbeat: heartbeat)
        reference = try Self.reference(against, referenceArtifact, verifier, heartbeat)
        seedOffset = offset
    }

    private static func reference(
        _ against: TargetVerification.Reference, _ artifact: String?, _ verifier: CPUVerifier, _ heartbeat: Heartbeat
    ) throws(RPCError) -> CPUReference {
        let symbol: String
        switch against {
        case .files(let paths): return try CPUReference(files: paths, of: verifier.arguments)
        case .defaultConfig: symbol = EntryPoint.kernelSymbol
        case .function: symbol = EntryPoint.referenceSymbol
        case .script: throw .unsupported("a Python function is the reference of kernels in Python alone")
        }
        guard let artifact else { throw .invalidParams("open for timing lacks the reference's artifact") }
        let start = MonotonicClock.nanoseconds()
        let outputs: CPUVerifier.Outputs
        do {
            let kernel = try LoadedKernel(path: artifact, symbol: symbol)
            outputs = try verifier.run(kernel, heartbeat: heartbeat)
        } catch let error as LaunchFailure {
            throw .referenceFailed(error.reason)
        } catch let error as WrongResult {
            throw .referenceFailed("the reference \(error.reason)")
        } catch {
            throw .internalError("\(error)")
        }
        return try CPUReference(outputs, of: verifier.arguments, seconds: MonotonicClock.seconds(since: start))
    }
}
