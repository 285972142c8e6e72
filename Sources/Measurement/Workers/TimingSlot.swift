import ConfigSpace
import KernelSpec

/// The one place where a device is used: verifies and times what was compiled, one config at a time.
struct TimingSlot: Sendable {
    let session: MeasuringSession
    let host: WorkerHost
    let record: DeviceRecord

    /// Takes configs until the session is finished.
    func run() async {
        while let job = await session.timingJobs.next() {
            guard !job.batch.isAbandoned else { continue }
            switch await record.alone({ await evaluate(job.compiled) }) {
            case .success(var evaluation):
                evaluation.device = record.index
                job.batch.tell(.evaluated(evaluation))
            case .failure(let error): job.batch.tell(.failed(error))
            }
        }
    }

    /// Takes what the first device alone has to do until the session is finished.
    func runFirstDeviceJobs() async {
        while let job = await session.firstDeviceJobs.next() { await job.run(self) }
    }

    /// What the language's own autotuner may take beyond its limit, to end and to compile what it found.
    private static let searchGraceSeconds = 120.0

    /// Has the language's own autotuner search.
    func search(_ params: SearchMethod.Params) async -> Result<SearchMethod.Result, MeasurementError> {
        do throws(WorkerFailure) {
            let result = try await host.call(
                SearchMethod.self, params, silenceLimit: params.limitSeconds + Self.searchGraceSeconds)
            // It ran hundreds of kernels in this process; starting another is no part of what follows.
            try await host.replace()
            return .success(result)
        } catch {
            return .failure(error.asError(session.command))
        }
    }

    /// A config that brings a worker down is tried once more, alone in a fresh one, if that worker had served others:
    /// what an earlier config broke is not this one's fault.
    private func evaluate(_ compiled: CompiledConfig) async -> Result<Evaluation, MeasurementError> {
        let clock = ContinuousClock()
        let start = clock.now
        do throws(WorkerFailure) {
            do throws(WorkerFailure) {
                return .success(try await attempt(compiled))
            } catch {
                guard error.mayBeOfEarlierCall else { throw error }
                host.spoil()
                return .success(try await attempt(compiled))
            }
        } catch {
            return failure(error, of: compiled, after: (clock.now - start).inSeconds)
        }
    }

    private func attempt(_ compiled: CompiledConfig) async throws(WorkerFailure) -> Evaluation {
        let rule = SamplingRule(limits: session.options.sampling, bestMs: record.bestMs)
        let warmUp = rule.limits.warmUp(afterIdleSeconds: record.idleSeconds)
        let first = try await verify(
            compiled, seedOffset: 0, warmUpSeconds: warmUp,
            samples: rule.limits.samplesBeforeAbandoning)
        var evaluation = Evaluation(
            config: compiled.config, outcome: first.outcome, reason: first.reason,
            resources: first.resources ?? compiled.resources,
            seconds: PhaseSeconds(compile: compiled.seconds, verify: first.verifySeconds))
        guard first.outcome == .measured else { return evaluation }
        let clock = ContinuousClock()
        let start = clock.now
        session.tellOfShortRuns(first.runsPerSample)
        var timing = try await sample(compiled, rule, from: first.samplesMs, seconds: first.samplingSeconds)
        if await drawsPower(compiled.config), rule.isContender(timing.samplesMs) {
            timing = try await sampleSettled(compiled, rule, after: timing)
        }
        evaluation.timing = Timing(samplesMs: timing.samplesMs, abandoned: timing.isAbandoned)
        evaluation.seconds.time = warmUp + first.samplingSeconds + (clock.now - start).inSeconds
        guard let timeMs = evaluation.timeMs else { return evaluation }
        record.sawTime(timeMs)
        evaluation.resources = await resources(evaluation.resources, of: compiled.config, timeMs: timeMs)
        return evaluation
    }

    private struct Samples {
        var samplesMs: [Double]
        /// What taking them cost, flushing included.
        var seconds: Double
        var isAbandoned = false
    }

    /// Takes more samples until the rule has enough.
    private func sample(
        _ compiled: CompiledConfig, _ rule: SamplingRule, from samplesMs: [Double], seconds: Double
    ) async throws(WorkerFailure) -> Samples {
        var taken = Samples(samplesMs: samplesMs, seconds: seconds)
        while true {
            switch rule.decide(samples: taken.samplesMs, seconds: taken.seconds) {
            case .enough: return taken
            case .abandon:
                taken.isAbandoned = true
                return taken
            case .take(let count):
                let more = try await retime(compiled, rounds: count, warmUpSeconds: 0)
                taken.samplesMs += more.samplesMs
                taken.seconds += more.seconds
            }
        }
    }

    /// The same anew, after the kernel had the device to itself for a while.
    private func sampleSettled(
        _ compiled: CompiledConfig, _ rule: SamplingRule, after earlier: Samples
    ) async throws(WorkerFailure) -> Samples {
        let settled = try await retime(
            compiled, rounds: earlier.samplesMs.count, warmUpSeconds: rule.limits.settlingSeconds)
        return try await sample(
            compiled, rule, from: settled.samplesMs,
            seconds: max(0, settled.seconds - rule.limits.settlingSeconds))
    }

    private func retime(
        _ compiled: CompiledConfig, rounds: Int, warmUpSeconds: Double
    ) async throws(WorkerFailure) -> Samples {
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await host.call(
            RetimeMethod.self,
            RetimeMethod.Params(artifacts: [compiled.artifact], rounds: rounds, warmUpSeconds: warmUpSeconds),
            silenceLimit: await runLimit())
        guard let samples = result.samplesMs.first, !samples.isEmpty else {
            host.spoil()
            throw .notUnderstood("retime gave no samples")
        }
        return Samples(samplesMs: samples, seconds: (clock.now - start).inSeconds)
    }

    /// Whether the kernel may draw all the power that the device gets: on a GPU, and not waiting for memory.
    private func drawsPower(_ config: Config) async -> Bool {
        guard let limits = await limits else { return false }
        guard let roofline = Roofline(session.spec, config, limits: limits) else { return true }
        return roofline.nearest != roofline.memory
    }

    /// What the device was seen to reach; nil for a processor.
    private var limits: DeviceLimits? {
        get async { try? await host.opened().limits }
    }

    /// `resources` with the share of the device's limit that a time comes to.
    func resources(_ resources: Resources?, of config: Config, timeMs: Double?) async -> Resources? {
        guard let timeMs, timeMs > 0,
            let roof = Roofline(session.spec, config, limits: await limits)?.nearest
        else { return resources }
        var resources = resources ?? Resources()
        (resources.shareOfLimit, resources.limit) = (roof.seconds / (timeMs * 1e-3), roof.limit)
        return resources
    }

    /// One `evaluate` call; a worker that says it is spoiled is replaced before the next.
    func verify(
        _ compiled: CompiledConfig, seedOffset: UInt64, warmUpSeconds: Double, samples: Int
    ) async throws(WorkerFailure) -> EvaluateMethod.Result {
        let result = try await host.call(
            EvaluateMethod.self,
            EvaluateMethod.Params(
                artifact: compiled.artifact, seedOffset: seedOffset, warmUpSeconds: warmUpSeconds, samples: samples),
            silenceLimit: await runLimit(runsReference: seedOffset != 0))
        if result.isSpoiled { host.spoil() }
        if result.outcome == .measured, samples > 0, result.samplesMs.isEmpty {
            host.spoil()
            throw .notUnderstood("evaluate gave no samples")
        }
        return result
    }

    /// What a failed call means for the config that was running: its outcome, or the end of the run.
    ///
    /// - Parameter seconds: what the call has cost, counted as verifying: how far it came is not known.
    func failure(
        _ failure: WorkerFailure, of compiled: CompiledConfig, after seconds: Double = 0
    ) -> Result<Evaluation, MeasurementError> {
        let outcome: Outcome
        let reason: String
        switch failure {
        case .timedOut(let limit):
            (outcome, reason) = (.runTimeout, "a run did not end within \(limit.shortText) s")
        case .ended(let end, _):
            switch end.status {
            case .signalled: (outcome, reason) = (.runtimeError, end.description)
            case .exited, .closedOutput:
                (outcome, reason) = (.workerLost, "the kernel ended the worker: it \(end.description)")
            }
        case .refused(let error) where error.code == RPCError.referenceFailedCode:
            return .failure(.referenceFailed(error.message))
        case .refused(let error)
        where [RPCError.contextLostCode, RPCError.stateDamagedCode].contains(error.code):
            host.spoil()
            (outcome, reason) = (.runtimeError, error.message)
        case .refused(let error):
            (outcome, reason) = (.launchError, error.message)
        case .notUnderstood(let what):
            (outcome, reason) = (.workerLost, "the kernel disturbed the worker's answers: \(what)")
        case .unusable, .cancelled:
            return .failure(failure.asError(session.command))
        }
        return .success(
            Evaluation(
                config: compiled.config, outcome: outcome, reason: reason, resources: compiled.resources,
                seconds: PhaseSeconds(compile: compiled.seconds, verify: seconds)))
    }

    /// - Parameter runsReference: whether the reference is run too, on fresh inputs, or may itself be what runs.
    func runLimit(runsReference: Bool = false) async -> Double {
        let referenceSeconds = (try? await host.opened())?.referenceSeconds
        let limit = RunLimit.seconds(
            fixed: session.options.runLimitSeconds, bestMs: record.bestMs, referenceSeconds: referenceSeconds)
        return limit + (runsReference ? RunLimit.forReference(seconds: referenceSeconds) : 0)
    }
}
