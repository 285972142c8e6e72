import ConfigSpace
import Foundation
import KernelSpec
import Measurement
import Testing

/// The real recordings of the benchmark hub, where they lie beside the repository.
@Suite("The hub's recordings")
struct HubRecordingTests {
    static let hub = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/hub").standardizedFileURL.path

    static var isThere: Bool { FileManager.default.fileExists(atPath: hub) }

    @Test(
        "every valid config is found, failures counted, the best as the file has it",
        .enabled(if: isThere, "the hub's files are not beside the repository (../shared/hub)"),
        arguments: [
            ("convolution", "convolution_A100_T4", 4_362, 4_201, 6, 155, 0.5536),
            ("convolution", "convolution_A100_cache", 4_362, 4_201, 6, 155, 0.5536),
            ("dedispersion", "dedispersion_A100_T4", 11_130, 11_130, 0, 0, 68.116576),
            ("pnpoly", "pnpoly_RTX3090_T4", 4_092, 3_762, 0, 330, 7.224192),
        ])
    func recordings(
        kernel: String, file: String, count: Int, measured: Int, compileErrors: Int, runtimeErrors: Int, bestMs: Double
    ) async throws {
        let spec = try KernelSpec.read(from: "\(Self.hub)/\(kernel)_T1.json")
        let evaluator = try await RecordedEvaluator(
            file: "\(Self.hub)/\(file).json.gz", spec: spec)
        #expect(evaluator.recordedCount == count)
        #expect(evaluator.device.name == (file.hasSuffix("cache") ? "NVIDIA A100-PCIE-40GB" : "\(file).json.gz"))
        var outcomes: [Outcome: Int] = [:]
        var best = Double.infinity
        try await evaluator.evaluate(Array(spec.configSpace.allConfigs())) { evaluation in
            outcomes[evaluation.outcome, default: 0] += 1
            best = min(best, evaluation.timeMs ?? .infinity)
        }
        let expected: [Outcome: Int] = [
            .measured: measured, .compileError: compileErrors, .runtimeError: runtimeErrors,
        ]
        #expect(outcomes == expected.filter { $0.value > 0 })
        #expect(abs(best - bestMs) < 1e-6)
    }
}
