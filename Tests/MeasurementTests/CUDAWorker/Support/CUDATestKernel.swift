import ConfigSpace
import Foundation
import KernelSpec
import Measurement

/// A CUDA kernel `kernel(x, y, n)` for a test, whose parameter MODE picks what it does.
struct CUDATestKernel {
    let folder: TemporaryFolder
    let modes: [String]
    let spec: KernelSpec

    /// - Parameters:
    ///   - body: of the kernel, for the thread of element `i`.
    ///   - compiler: nil is NVRTC.
    init(
        _ body: String, modes: [String], arguments: [Argument] = CUDATestKernel.xAndY, parameters: String = "",
        prelude: String = "", grid: String = "8", block: String = "128", sharedMemory: String = "0",
        compiler: String? = nil
    ) throws {
        folder = try TemporaryFolder()
        self.modes = modes
        let source = """
            enum { \(modes.joined(separator: ", ")) };
            \(prelude)
            extern "C" __global__ void kernel(const float *x, float *y, \(parameters)int n) {
                int i = blockIdx.x * blockDim.x + threadIdx.x;
                \(body)
            }

            """
        let path = try folder.write(source, to: "kernel.cu")
        let mode = Parameter(name: "MODE", domain: .values(modes.map(Value.string)))
        spec = KernelSpec(
            name: "test", path: "\(folder.path)/kernel.json",
            kernel: Kernel(
                language: .cuda, source: "kernel.cu", sourcePath: path, function: "kernel", compiler: compiler),
            arguments: arguments,
            launch: Launch(
                grid: [try Expression(parsing: grid)], block: [try Expression(parsing: block)],
                sharedMemoryBytes: try Expression(parsing: sharedMemory)),
            configSpace: try ConfigSpace(parameters: [mode], constraints: []),
            verification: Verification(against: .defaultConfig, relativeTolerance: 1e-5, absoluteTolerance: 1e-6),
            workload: nil, warnings: [])
    }

    static let x = Argument(
        name: "x", dataType: .float32,
        kind: .array(shape: [1000], fill: .uniform(low: 1, high: 2, seed: 1), role: .input))
    static let y = Argument(
        name: "y", dataType: .float32, kind: .array(shape: [1000], fill: .zeros, role: .output))
    static let n = Argument(name: "n", dataType: .int32, kind: .scalar(.int(1000)))
    static let xAndY = [x, y, n]

    /// Evaluates all modes in one evaluator; their evaluations by mode.
    func evaluations(_ options: EvaluatorOptions) async throws -> [String: Evaluation] {
        try await withWorkerEvaluator(spec: spec, options: options) { evaluator in
            var evaluations: [String: Evaluation] = [:]
            let configs = modes.map { spec.configSpace.defaultConfig.with("MODE", .string($0)) }
            try await evaluator.evaluate(configs) { evaluation in
                guard case .string(let mode)? = evaluation.config["MODE"] else { return }
                evaluations[mode] = evaluation
            }
            return evaluations
        }
    }
}
