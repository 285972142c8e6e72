public import ConfigSpace
internal import Foundation
public import KernelSpec
public import Measurement

/// What the first prompt tells of the target and of the run's limits.
public struct PromptTarget: Sendable {
    public let spec: KernelSpec
    public let device: DeviceDescription
    /// The kernel's source as text; nil where it is not at hand (a recorded run).
    public let source: String?
    public let configsPerRound: Int
    public let rounds: Int
    public let compileLimitSeconds: Double
    /// Configs that the kernel's own compiler would begin a search with; they are measured beside the default.
    public let seeds: [Config]

    /// Longer sources are cut: a prompt has to fit into a model's context.
    public static let longestSource = 60_000

    public init(
        spec: KernelSpec, device: DeviceDescription, source: String?, configsPerRound: Int, rounds: Int,
        compileLimitSeconds: Double, seeds: [Config] = []
    ) {
        self.spec = spec
        self.device = device
        self.source = source
        self.configsPerRound = configsPerRound
        self.rounds = rounds
        self.compileLimitSeconds = compileLimitSeconds
        self.seeds = seeds
    }

    /// Keys that every template may use.
    func common(round: Int) -> [String: Any] {
        [
            "languageName": Self.name(of: spec.kernel.language), "configsPerRound": configsPerRound,
            "compileLimit": String(format: "%g", compileLimitSeconds), "roundsLeftText": roundsLeft(after: round),
        ]
    }

    private func roundsLeft(after round: Int) -> String {
        switch rounds - round - 1 {
        case ...0: "there is no other"
        case 1: "you see the results and have one more round"
        case let left: "you see the results and have \(left) more rounds"
        }
    }

    static func name(of language: Language) -> String {
        switch language {
        case .c: "C kernels for the CPU"
        case .cPlusPlus: "C++ kernels for the CPU"
        case .cuda: "CUDA C++ kernels"
        case .helion: "Helion kernels, which are compiled to Triton"
        case .triton: "Triton kernels"
        case .openCL: "OpenCL kernels"
        case .hip: "HIP kernels"
        }
    }
}
