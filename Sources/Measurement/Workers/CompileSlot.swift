import ConfigSpace
import KernelSpec

/// One of the places where configs are compiled: a worker of its own, and the jobs it takes from the common queue.
struct CompileSlot: Sendable {
    let session: MeasuringSession
    let host: WorkerHost

    /// For a worker that keeps the limit itself.
    private static let graceSeconds = 5.0

    /// Takes jobs until the session is finished.
    func run() async {
        while let job = await session.compileJobs.next() {
            guard let batch = job.batch else {
                session.reference.keep(await compile(job.config))
                continue
            }
            // What the default takes to compile says how long the others may; nothing is verified before it has run anyway.
            if session.options.compileLimitSeconds == nil, session.needsReferenceArtifact {
                _ = await session.reference.value
            }
            guard !batch.isAbandoned else { continue }
            switch await artifact(of: job.config) {
            case .success(let compiled): pass(compiled, to: batch)
            case .failure(.config(let evaluation)): batch.tell(.evaluated(evaluation))
            case .failure(.run(let error)): batch.tell(.failed(error))
            }
        }
    }

    private func pass(_ compiled: CompiledConfig, to batch: Batch) {
        guard batch.isTimed else { return batch.tell(.compiled(compiled)) }
        guard session.timingJobs.push(.init(compiled: compiled, batch: batch)) else { return batch.abandon() }
    }

    /// What was compiled before is not compiled again.
    private func artifact(of config: Config) async -> Result<CompiledConfig, CompileFailure> {
        if let compiled = session.compiled(config) { return .success(compiled) }
        if session.needsReferenceArtifact, config == session.spec.configSpace.defaultConfig {
            return await session.reference.value.mapError { .run($0.asReferenceError) }
        }
        return await compile(config)
    }

    private func compile(_ config: Config) async -> Result<CompiledConfig, CompileFailure> {
        let limit = session.compileLimitSeconds
        let clock = ContinuousClock()
        let start = clock.now
        func failed(_ outcome: Outcome, _ reason: String, seconds: Double? = nil) -> CompileFailure {
            let spent = seconds ?? (clock.now - start).inSeconds
            return .config(
                Evaluation(config: config, outcome: outcome, reason: reason, seconds: PhaseSeconds(compile: spent)))
        }
        let launch: TargetLaunch?
        do { launch = try TargetLaunch(session.spec, config) } catch {
            return .failure(failed(.launchError, error.reason))
        }
        let params = CompileMethod.Params(
            config: config, macros: Macro.all(of: config, in: session.spec, launch: launch).map(\.definition),
            launch: launch,
            artifactName: session.nextArtifactName(), limitSeconds: limit)
        do {
            let result = try await host.call(
                CompileMethod.self, params,
                silenceLimit: session.spec.kernel.language.isPython ? limit + Self.graceSeconds : limit)
            guard let artifact = result.artifact else {
                if result.outcome == .compileTimeout { session.took(limit) }
                return .failure(
                    failed(
                        result.outcome ?? .compileError, result.reason ?? "the compiler gave no reason",
                        seconds: result.seconds))
            }
            let compiled = CompiledConfig(
                config: config, artifact: artifact, resources: result.resources, seconds: result.seconds)
            session.remember(compiled)
            return .success(compiled)
        } catch .timedOut {
            session.took(limit)
            return .failure(failed(.compileTimeout, "not compiled within \(limit.shortText) s"))
        } catch .ended(let end, _) {
            return .failure(failed(.workerLost, "the compile worker ended: \(end)"))
        } catch .notUnderstood(let what) {
            return .failure(failed(.workerLost, "the compile worker's answer is not understood: \(what)"))
        } catch .refused(let error) where error.code == RPCError.internalErrorCode {
            return .failure(failed(.compileError, error.message))
        } catch {
            return .failure(.run(error.asError(session.command)))
        }
    }
}
