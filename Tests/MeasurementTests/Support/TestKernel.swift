import ConfigSpace
import Foundation
import KernelSpec
import Measurement

/// A C kernel for a test: a source text with a parameter `variant` that picks what it does.
struct TestKernel {
    let folder: TemporaryFolder
    let spec: KernelSpec

    /// - Parameter arguments: of the function `kernel`; x (input) and y (output) of 1,000 floats if left out.
    init(
        _ source: String, variants: [String], language: Language = .c, arguments: [Argument] = TestKernel.xAndY,
        against: Verification.Reference = .defaultConfig, options: [String] = [], compiler: String? = nil,
        parameters: [Parameter] = []
    ) throws {
        folder = try TemporaryFolder()
        let file = "kernel.\(language == .c ? "c" : "cpp")"
        let path = try folder.write(source, to: file)
        let variant = Parameter(name: "variant", domain: .values(variants.map(Value.string)))
        spec = KernelSpec(
            name: "test", path: "\(folder.path)/kernel.json",
            kernel: Kernel(
                language: language, source: file, sourcePath: path, function: "kernel", compilerOptions: options,
                compiler: compiler),
            arguments: arguments, launch: nil,
            configSpace: try ConfigSpace(parameters: [variant] + parameters, constraints: []),
            verification: Verification(against: against, relativeTolerance: 1e-5, absoluteTolerance: 1e-6),
            workload: nil, warnings: [])
    }

    static let xAndY = [
        Argument(
            name: "x", dataType: .float32,
            kind: .array(shape: [10, 100], fill: .uniform(low: 1, high: 2, seed: 1), role: .input)),
        Argument(name: "y", dataType: .float32, kind: .array(shape: [10, 100], fill: .zeros, role: .output)),
    ]

    func config(_ variant: String) -> Config {
        spec.configSpace.defaultConfig.with("variant", .string(variant))
    }

    /// Short measurements; limits that a busy machine keeps.
    static var options: EvaluatorOptions {
        var options = EvaluatorOptions(workerCommand: workerCommand)
        options.sampling.warmUpSeconds = 0.002
        options.sampling.limitSeconds = 0.05
        options.sampling.sideBySideLimitSeconds = 2
        return options
    }

    /// The program that was built beside the tests.
    static var workerCommand: [String] {
        let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return [tests.appending(path: "autotune").path, "worker"]
    }

    /// Evaluates the variants in one evaluator, by variant.
    func evaluations(
        of variants: [String], options: EvaluatorOptions = TestKernel.options
    ) async throws -> [String: Evaluation] {
        try await withWorkerEvaluator(spec: spec, options: options) { evaluator in
            var evaluations: [String: Evaluation] = [:]
            try await evaluator.evaluate(variants.map(config)) { evaluation in
                guard case .string(let variant)? = evaluation.config["variant"] else { return }
                evaluations[variant] = evaluation
            }
            return evaluations
        }
    }
}
