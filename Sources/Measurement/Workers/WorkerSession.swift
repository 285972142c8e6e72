import ConfigSpace
import FoundationEssentials
public import KernelSpec

/// Runs `body` with an evaluator of `spec` whose workers live exactly as long: when `body` returns or throws, or the
/// surrounding task is cancelled, every process is gone, with all it started, and the artifacts are removed.
///
/// - Throws: a `MeasurementError` when no worker can be had; whatever `body` throws.
public func withWorkerEvaluator<Value: Sendable>(
    spec: KernelSpec, options: EvaluatorOptions, body: (WorkerEvaluator) async throws -> Value
) async throws -> Value {
    WorkerProcess.ignoreBrokenPipes()
    let folder = try ArtifactFolder()
    defer { folder.remove() }
    let session = MeasuringSession(spec: spec, options: options, artifactFolder: folder.path)
    let compileHosts = (0..<session.compileJobCount).map { _ in session.compileHost() }
    let timingHost = session.timingHost()
    return try await withThrowingTaskGroup(of: Void.self) { group in
        for host in compileHosts + [timingHost] { group.addTask { await host.run() } }
        for host in compileHosts { group.addTask { await CompileSlot(session: session, host: host).run() } }
        group.addTask { await TimingSlot(session: session, host: timingHost).run() }
        // On every path: a slot or host that waits for a job would wait for ever.
        defer {
            session.finish()
            for host in compileHosts + [timingHost] { host.finish() }
        }
        do {
            let device = try await session.device(from: compileHosts[0])
            if session.needsReferenceArtifact {
                _ = session.compileJobs.push(.init(config: spec.configSpace.defaultConfig, batch: nil))
            }
            let value = try await withTaskCancellationHandler {
                try await body(WorkerEvaluator(device: device, session: session))
            } onCancel: {
                session.finish()
            }
            // What is still under way was given up by whoever asked for it.
            if (compileHosts + [timingHost]).contains(where: \.isBusy) { group.cancelAll() }
            return value
        } catch {
            group.cancelAll()
            throw error
        }
    }
}

extension MeasuringSession {
    /// The device of a CPU kernel is the machine that compiles: one core is left to the kernel that is being timed.
    fileprivate var compileJobCount: Int {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let isCPU = spec.kernel.language == .c || spec.kernel.language == .cPlusPlus
        return max(1, options.compileJobs ?? (isCPU ? cores - 1 : cores))
    }

    fileprivate func compileHost() -> WorkerHost {
        WorkerHost(
            command: options.command, openLimit: options.openLimitSeconds, removesArtifacts: false,
            openParams: {
                .success(
                    OpenMethod.Params(
                        role: .compile, target: self.target, artifactFolder: self.artifactFolder,
                        architecture: self.architecture))
            })
    }

    fileprivate func timingHost() -> WorkerHost {
        WorkerHost(
            command: options.command, openLimit: options.openLimitSeconds, removesArtifacts: true,
            openParams: { await self.timingParams() })
    }

    /// The timing worker opens once the reference is compiled.
    private func timingParams() async -> Result<OpenMethod.Params, MeasurementError> {
        var params = OpenMethod.Params(role: .timing, target: target, artifactFolder: artifactFolder)
        guard needsReferenceArtifact else { return .success(params) }
        switch await reference.value {
        case .success(let compiled):
            params.reference = compiled.artifact
            return .success(params)
        case .failure(let failure):
            return .failure(failure.asReferenceError)
        }
    }

    fileprivate func device(from host: WorkerHost) async throws -> DeviceDescription {
        do throws(WorkerFailure) {
            let opened = try await host.opened()
            found(architecture: opened.architecture)
            return opened.device
        } catch {
            if case .cancelled = error { throw CancellationError() }
            throw error.asError(options.command)
        }
    }
}
