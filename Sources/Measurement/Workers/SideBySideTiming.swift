import ConfigSpace

/// Finalists against each other: verified on fresh inputs, timed interleaved until their order is settled, verified again.
struct SideBySideTiming {
    let slot: TimingSlot
    let compiled: [CompiledConfig]

    private var limits: SamplingLimits { slot.session.options.sampling }

    /// The evaluations, in the order of the configs.
    func run() async -> Result<[Evaluation], MeasurementError> {
        var failed: [Int: Evaluation] = [:]
        var verified = compiled.map { Verified(resources: $0.resources) }
        for index in compiled.indices {
            switch await verify(compiled[index]) {
            case .failure(let error): return .failure(error)
            case .success(let result):
                verified[index] = Verified(seconds: result.seconds.verify, resources: result.resources)
                if result.outcome != .measured { failed[index] = result }
            }
        }
        let clock = ContinuousClock()
        let start = clock.now
        var samples: [Int: [Double]]
        repeat {
            let running = compiled.indices.filter { failed[$0] == nil }
            switch await interleave(running) {
            case .success(let taken): samples = taken
            case .failure(let failure):
                switch await culprits(failure, among: running) {
                case .failure(let error): return .failure(error)
                case .success(let found):
                    failed.merge(found) { first, _ in first }
                    samples = [:]
                }
            }
        } while samples.isEmpty && failed.count < compiled.count
        let seconds = (clock.now - start).inSeconds / Double(max(1, samples.count))
        // Once more on the same loaded kernels: one that is right only at first would have been timed while it was wrong.
        for index in samples.keys.sorted() {
            switch await verify(compiled[index]) {
            case .failure(let error): return .failure(error)
            case .success(let result):
                verified[index].seconds += result.seconds.verify
                guard result.outcome != .measured else { continue }
                failed[index] = result
                samples[index] = nil
            }
        }
        return .success(await evaluations(samples: samples, failed: failed, verified: verified, time: seconds))
    }

    /// What verifying one again cost, and what it told.
    private struct Verified {
        var seconds = 0.0
        var resources: Resources?
    }

    private func evaluations(
        samples: [Int: [Double]], failed: [Int: Evaluation], verified: [Verified], time: Double
    ) async -> [Evaluation] {
        let measured = samples.keys.sorted()
        let timings = zip(measured, SideBySide(samples: measured.map { samples[$0] ?? [] }).timings())
        let timing = Dictionary(uniqueKeysWithValues: timings.map { ($0, $1) })
        var evaluations: [Evaluation] = []
        for (index, compiled) in compiled.enumerated() {
            if let evaluation = failed[index] {
                evaluations.append(evaluation)
                continue
            }
            evaluations.append(
                Evaluation(
                    config: compiled.config, outcome: .measured, timing: timing[index],
                    resources: await slot.resources(
                        verified[index].resources, of: compiled.config, timeMs: timing[index]?.medianMs),
                    seconds: PhaseSeconds(compile: compiled.seconds, verify: verified[index].seconds, time: time),
                    device: slot.record.index))
        }
        return evaluations
    }

    private func verify(_ compiled: CompiledConfig) async -> Result<Evaluation, MeasurementError> {
        let clock = ContinuousClock()
        let start = clock.now
        do throws(WorkerFailure) {
            let result = try await slot.verify(
                compiled, seedOffset: slot.session.options.seed &+ 1, warmUpSeconds: 0, samples: 0)
            let reason = result.reason.map { "on fresh inputs: \($0)" }
            return .success(
                Evaluation(
                    config: compiled.config, outcome: result.outcome, reason: reason,
                    resources: result.resources ?? compiled.resources,
                    seconds: PhaseSeconds(compile: compiled.seconds, verify: result.verifySeconds)))
        } catch {
            return slot.failure(error, of: compiled, after: (clock.now - start).inSeconds)
        }
    }

    /// Rounds of one sample each until the order is settled or the limit is reached.
    private func interleave(_ indices: [Int]) async -> Result<[Int: [Double]], WorkerFailure> {
        guard !indices.isEmpty else { return .success([:]) }
        let clock = ContinuousClock()
        let start = clock.now
        var samples = [[Double]](repeating: [], count: indices.count)
        var rounds = limits.sideBySideMinimumRounds
        var warmUp = limits.warmUpSeconds
        repeat {
            do throws(WorkerFailure) {
                let result = try await slot.host.call(
                    RetimeMethod.self,
                    RetimeMethod.Params(
                        artifacts: indices.map { compiled[$0].artifact }, rounds: rounds, warmUpSeconds: warmUp),
                    silenceLimit: await slot.runLimit(runsReference: true))
                guard result.samplesMs.count == indices.count,
                    result.samplesMs.allSatisfy({ $0.count == rounds && !$0.isEmpty })
                else {
                    slot.host.spoil()
                    throw .notUnderstood("retime gave other samples than it was asked for")
                }
                for index in samples.indices { samples[index] += result.samplesMs[index] }
            } catch {
                return .failure(error)
            }
            let taken = samples[0].count
            let seconds = (clock.now - start).inSeconds
            let affordable = max(0, limits.sideBySideLimitSeconds - seconds) / max(seconds / Double(taken), 1e-6)
            rounds = min(limits.sideBySideMinimumRounds, limits.sideBySideMaximumRounds - taken, Int(affordable))
            warmUp = 0
        } while rounds > 0 && !SideBySide(samples: samples).isSettled && indices.count > 1
        return .success(Dictionary(uniqueKeysWithValues: zip(indices, samples)))
    }

    /// A worker that dies while several configs take turns does not say by which: each is run alone.
    ///
    /// - Returns: those that fail alone; if none does, all, since together they cannot be timed.
    private func culprits(
        _ failure: WorkerFailure, among indices: [Int]
    ) async -> Result<[Int: Evaluation], MeasurementError> {
        var found: [Int: Evaluation] = [:]
        for index in indices {
            do throws(WorkerFailure) {
                _ = try await slot.host.call(
                    RetimeMethod.self,
                    RetimeMethod.Params(
                        artifacts: [compiled[index].artifact], rounds: limits.sideBySideMinimumRounds,
                        warmUpSeconds: 0),
                    silenceLimit: await slot.runLimit(runsReference: true))
            } catch {
                switch slot.failure(error, of: compiled[index]) {
                case .failure(let error): return .failure(error)
                case .success(let evaluation): found[index] = evaluation
                }
            }
        }
        guard found.isEmpty else { return .success(found) }
        for index in indices {
            switch slot.failure(failure, of: compiled[index]) {
            case .failure(let error): return .failure(error)
            case .success(let evaluation): found[index] = evaluation
            }
        }
        return .success(found)
    }
}
