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
    let session = try MeasuringSession(spec: spec, options: options, artifactFolder: folder.path)
    let compileHosts = (0..<session.compileJobCount).map { _ in session.compileHost() }
    return try await withThrowingTaskGroup(of: Void.self) { group in
        var slots: [TimingSlot] = []
        for host in compileHosts {
            group.addTask { await host.run() }
            group.addTask { await CompileSlot(session: session, host: host).run() }
        }
        // On every path: a slot or host that waits for a job would wait for ever.
        defer {
            session.finish()
            for host in compileHosts + slots.map(\.host) { host.finish() }
        }
        do {
            if session.startsTogether {
                slots = [session.timingSlot(nil)]
                for host in slots.map(\.host) {
                    group.addTask { await host.run() }
                    group.addTask { _ = try? await host.opened() }
                }
            }
            let opened = try await session.open(compileHosts[0])
            session.found(architecture: opened.architecture)
            if let space = opened.space { try session.found(space: space) }
            if session.needsReferenceArtifact {
                _ = session.compileJobs.push(.init(config: session.spec.configSpace.defaultConfig, batch: nil))
            }
            if slots.isEmpty {
                slots = try options.devices.chosen(among: opened.devices ?? []).map(session.timingSlot)
                for slot in slots { group.addTask { await slot.host.run() } }
            }
            for slot in slots { group.addTask { await slot.run() } }
            let first = slots[0]
            group.addTask { await first.runFirstDeviceJobs() }
            let device = try await session.device(opened, slots)
            let value = try await withTaskCancellationHandler {
                try await body(WorkerEvaluator(device: device, seeds: opened.seeds ?? [], session: session))
            } onCancel: {
                session.finish()
            }
            // What is still under way was given up by whoever asked for it.
            if (compileHosts + slots.map(\.host)).contains(where: \.isBusy) { group.cancelAll() }
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

    /// Python starts for seconds: a timing worker that waits neither for the reference nor for a choice of devices starts
    /// at the same time as the compile worker.
    fileprivate var startsTogether: Bool {
        spec.kernel.language.isPython && options.devices == .first && !needsReferenceArtifact
    }

    fileprivate func compileHost() -> WorkerHost {
        WorkerHost(
            command: command, openLimit: options.openLimitSeconds, removesArtifacts: false,
            openParams: {
                .success(
                    OpenMethod.Params(
                        role: .compile, target: self.target, artifactFolder: self.artifactFolder,
                        architecture: self.architecture, device: self.options.devices.firstIndex))
            })
    }

    /// - Parameter index: the device's number, where it was chosen.
    fileprivate func timingSlot(_ index: Int?) -> TimingSlot {
        let host = WorkerHost(
            command: command, openLimit: options.openLimitSeconds, removesArtifacts: true,
            openParams: { await self.timingParams(device: index) })
        return TimingSlot(session: self, host: host, record: DeviceRecord(index: index))
    }

    /// The timing worker opens once the reference is compiled.
    private func timingParams(device: Int?) async -> Result<OpenMethod.Params, MeasurementError> {
        var params = OpenMethod.Params(role: .timing, target: target, artifactFolder: artifactFolder, device: device)
        guard needsReferenceArtifact else { return .success(params) }
        switch await reference.value {
        case .success(let compiled):
            params.reference = compiled.artifact
            return .success(params)
        case .failure(let failure):
            return .failure(failure.asReferenceError)
        }
    }

    fileprivate func open(_ host: WorkerHost) async throws -> OpenMethod.Result {
        do throws(WorkerFailure) {
            return try await host.opened()
        } catch {
            if case .cancelled = error { throw CancellationError() }
            throw error.asError(command)
        }
    }

    /// The device as it is told, with its limits: where they are not known yet, the timing worker measures them first.
    fileprivate func device(_ compiling: OpenMethod.Result, _ slots: [TimingSlot]) async throws -> DeviceDescription {
        var opened = compiling
        if slots.count > 1 { try await openAll(slots) }
        if compiling.limitsArePending == true {
            opened = try await open(slots[0].host)
            for problem in opened.limits?.problems ?? [] { options.notice(problem) }
        }
        var device = opened.device
        if spec.kernel.language.isPython { device.facts += opened.limits?.facts ?? [] }
        if let fact = Roofline(spec, spec.configSpace.defaultConfig, limits: opened.limits)?.fact {
            device.facts.append(fact)
        }
        let indices = slots.compactMap(\.record.index)
        device.indices = indices.isEmpty ? nil : indices
        return device
    }

    /// A device that cannot be used is told before a model is asked.
    private func openAll(_ slots: [TimingSlot]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for slot in slots {
                group.addTask {
                    do {
                        _ = try await self.open(slot.host)
                    } catch let error as MeasurementError {
                        let index = slot.record.index.map { "device \($0): " } ?? ""
                        throw MeasurementError(error.kind, index + error.message, help: error.help)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
