import ConfigSpace
import KernelSpec
import Measurement
import Tuning

/// A kernel with one parameter, `tile` from 1 to 99, whose time in milliseconds is its value.
enum TileKernel {
    static func spec() throws -> KernelSpec {
        let space = try ConfigSpace(
            parameters: [Parameter(name: "tile", domain: .integer(min: 1, max: 99, step: 1), defaultValue: .int(9))],
            constraints: [])
        return KernelSpec(
            name: "k", path: "/k/kernel.json",
            kernel: Kernel(language: .helion, source: "k.py", sourcePath: "/k/k.py", function: "k"), arguments: [],
            launch: nil, configSpace: space, verification: Verification(against: .defaultConfig), workload: nil,
            warnings: [])
    }
}

/// Measures all but what `refused` names, which the language rejects, and tells of each tile that it has measured.
struct TileEvaluator: Evaluator {
    let device = DeviceDescription(name: "stub", facts: [])
    let spec: KernelSpec
    var refused: [Int] = []
    var measured: @Sendable (Int) -> Void = { _ in }

    nonisolated(nonsending) func evaluate(
        _ configs: [Config], report: nonisolated(nonsending) (Evaluation) async throws -> Void
    ) async throws {
        for config in configs {
            try await report(evaluation(config))
            if case .int(let tile)? = config["tile"] { measured(tile) }
        }
    }

    func retime(_ configs: [Config]) async throws -> [Evaluation] { configs.map(evaluation) }

    private func evaluation(_ config: Config) -> Evaluation {
        guard case .int(let tile)? = config["tile"], !refused.contains(tile) else {
            return Evaluation(config: config, outcome: .rejected, reason: "Helion: no such tile")
        }
        let timeMs = Double(tile)
        return Evaluation(
            config: config, outcome: .measured,
            timing: Timing(medianMs: timeMs, lowMs: timeMs, highMs: timeMs, samples: 9))
    }
}

struct Silence: TuningObserver {
    func observe(_ event: TuningEvent) {}
}
