public import ConfigSpace
public import KernelSpec

/// Evaluates configs through worker processes: compiled on several, verified and timed on one per device, both at once.
///
/// It lives inside `withWorkerEvaluator`. The default config is compiled as soon as it is made, before any config is
/// asked for, since all others are compared with what it computes.
public final class WorkerEvaluator: Evaluator {
    public let device: DeviceDescription
    /// With the configuration space of the kernel itself, where it tells one.
    public let spec: KernelSpec
    /// Configs that the kernel's own compiler would begin a search with; valid ones of the space.
    public let seeds: [Config]
    private let session: MeasuringSession

    init(device: DeviceDescription, seeds: [Config], session: MeasuringSession) {
        self.device = device
        let spec = session.spec
        self.spec = spec
        self.seeds = seeds.compactMap { try? spec.configSpace.config(from: $0.object).get() }
        self.session = session
    }

    /// See `Evaluator`.
    ///
    /// - Throws: a `MeasurementError` when nothing can be measured at all: no worker, or no reference to verify against;
    ///   whatever `report` throws.
    public func evaluate(_ configs: [Config], report: (Evaluation) async throws -> Void) async throws {
        _ = try await run(configs, isTimed: true, report: report)
    }

    /// See `Evaluator`. A config whose `Timing.isTiedWithFastest` is true cannot be told from the fastest.
    ///
    /// A config that was not compiled in this session (a resumed one) is compiled first.
    ///
    /// - Throws: as `evaluate`.
    public func retime(_ configs: [Config]) async throws -> [Evaluation] {
        var failed: [Config: Evaluation] = [:]
        let missing = configs.filter { session.compiled($0) == nil }
        var compiled = try await run(missing, isTimed: false) { failed[$0.config] = $0 }
        for config in configs { compiled[config] = compiled[config] ?? session.compiled(config) }
        let finalists = configs.compactMap { compiled[$0] }
        let timed = try await session.onFirstDevice { slot in
            await SideBySideTiming(slot: slot, compiled: finalists).run()
        }
        let evaluations = Dictionary(timed.map { ($0.config, $0) }) { first, _ in first }
        return configs.compactMap { evaluations[$0] ?? failed[$0] }
    }

    /// What the language's own autotuner found.
    public struct ForeignSearch: Sendable {
        /// A config of the space.
        public let config: Config
        public let seconds: Double
        public let evaluations: Int?
    }

    /// Has the language's own autotuner search on the first device, which nothing else uses meanwhile.
    ///
    /// - Parameters:
    ///   - autotuner: as the language calls it: "LFBOTreeSearch".
    ///   - logPath: where its log goes, without a suffix.
    /// - Throws: a `MeasurementError` where the language has none, it fails, or what it found is no config of the space.
    public func search(autotuner: String, limitSeconds: Double, logPath: String) async throws -> ForeignSearch {
        let params = SearchMethod.Params(autotuner: autotuner, limitSeconds: limitSeconds, logPath: logPath)
        let found = try await session.onFirstDevice { await $0.search(params) }
        do {
            let config = try spec.configSpace.config(from: found.config.object).get()
            return ForeignSearch(config: config, seconds: found.seconds, evaluations: found.evaluations)
        } catch {
            throw MeasurementError(
                .unsupported, "\(autotuner) found \(found.config.json), which is no config of the space: \(error)",
                help: "Compare with another baseline.")
        }
    }

    /// See `Evaluator`.
    ///
    /// - Throws: as for an array of configs.
    public func evaluate(_ configs: AsyncStream<Config>, report: (Evaluation) async throws -> Void) async throws {
        let batch = Batch(isTimed: true)
        defer { batch.abandon() }
        async let sending: Void = send(configs, in: batch)
        _ = try await results(of: batch, report: report)
        await sending
    }

    private func send(_ configs: AsyncStream<Config>, in batch: Batch) async {
        var count = 0
        for await config in configs {
            guard session.compileJobs.push(.init(config: config, batch: batch)) else {
                return batch.tell(.failed(.stopped))
            }
            count += 1
        }
        batch.tell(.allSent(count))
    }

    /// Sends configs on their way and reports what becomes of them; gives back those that only had to be compiled.
    private func run(
        _ configs: [Config], isTimed: Bool, report: (Evaluation) async throws -> Void
    ) async throws -> [Config: CompiledConfig] {
        try Task.checkCancellation()
        let batch = Batch(isTimed: isTimed)
        defer { batch.abandon() }
        for config in configs {
            guard session.compileJobs.push(.init(config: config, batch: batch)) else { throw MeasurementError.stopped }
        }
        batch.tell(.allSent(configs.count))
        return try await results(of: batch, report: report)
    }

    private func results(
        of batch: Batch, report: (Evaluation) async throws -> Void
    ) async throws -> [Config: CompiledConfig] {
        var compiled: [Config: CompiledConfig] = [:]
        var (done, sent) = (0, Int?.none)
        for await event in batch.events {
            switch event {
            case .failed(let error):
                // Workers that were stopped because of it are no news then.
                try Task.checkCancellation()
                throw error
            case .evaluated(let evaluation):
                try await report(evaluation)
                done += 1
            case .compiled(let config):
                compiled[config.config] = config
                done += 1
            case .allSent(let count): sent = count
            }
            if done == sent { return compiled }
        }
        try Task.checkCancellation()
        throw MeasurementError.stopped
    }
}
