import ConfigSpace
import Foundation
import KernelSpec
import Testing

@testable import Measurement

/// The CUDA examples, compiled as a run compiles them, for devices that need not be here.
@Suite("The CUDA examples compile", .enabled(if: RealNVRTC.hasHeaders && RealNVRTC.isNew, "\(RealNVRTC.missing)"))
struct ExampleCompilingTests {
    static let ampere = ComputeCapability(major: 8, minor: 0)
    static let hopper = ComputeCapability(major: 9, minor: 0)
    static let blackwell = ComputeCapability(major: 10, minor: 0)

    /// An example, and a choice that needs a generation of its own.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let parameter: String
        let value: String
        /// What the source says where it cannot be compiled.
        let error: String
        let foreign: [ComputeCapability]

        var testDescription: String { name }

        var spec: KernelSpec {
            get throws {
                let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                    .deletingLastPathComponent().deletingLastPathComponent()
                return try KernelSpec.read(from: root.appending(path: "Examples/\(name)/kernel.json").path)
            }
        }
    }

    static let examples = [
        Example(
            name: "matmul", parameter: "family", value: "wgmma", error: "family wgmma needs sm_90a",
            foreign: [ampere, blackwell]),
        Example(
            name: "attention", parameter: "family", value: "wgmma", error: "family wgmma needs sm_90a",
            foreign: [ampere, blackwell]),
        Example(
            name: "layer_norm", parameter: "staging", value: "bulk", error: "staging bulk needs sm_90",
            foreign: [ampere]),
        Example(
            name: "cross_entropy", parameter: "staging", value: "bulk", error: "staging bulk needs sm_90",
            foreign: [ampere]),
    ]

    private func compile(
        _ spec: KernelSpec, _ config: Config, _ capability: ComputeCapability
    ) throws -> CUDAArtifact {
        let compiler = try RealNVRTC.compiler()
        let compiling = CUDACompiling(
            target: Target(spec), compiler: .nvrtc(compiler), architecture: try compiler.architecture(for: capability),
            folder: "")
        let macros = Macro.all(of: config, in: spec.configSpace).map(\.definition)
        return try compiler.compile(compiling.program(macros)).artifact
    }

    @Test("with its default for each generation", arguments: examples, [ampere, hopper, blackwell])
    func defaults(example: Example, capability: ComputeCapability) throws {
        let spec = try example.spec
        let artifact = try compile(spec, spec.configSpace.defaultConfig, capability)
        let resources = artifact.resources(of: spec.kernel.function)
        #expect((1...255).contains(resources.registersPerThread ?? 0))
    }

    @Test("with random configs for Hopper", arguments: examples, Array(1...8) as [UInt64])
    func random(example: Example, seed: UInt64) throws {
        let spec = try example.spec
        var generator = SplitMix64(seed: seed)
        let config = try #require(spec.configSpace.sample(1, using: &generator).first)
        do {
            let artifact = try compile(spec, config, Self.hopper)
            let resources = artifact.resources(of: spec.kernel.function)
            #expect((1...255).contains(resources.registersPerThread ?? 0))
            #expect(resources.spillBytes != nil)
        } catch {
            Issue.record("\(config.json): \(error)")
        }
    }

    @Test("but for what needs another generation, which its own words say", arguments: examples)
    func foreign(example: Example) throws {
        let spec = try example.spec
        var generator = SplitMix64(seed: 7)
        let config = try #require(
            spec.configSpace.sample(200, using: &generator)
                .first { $0[example.parameter] == .string(example.value) })
        #expect(throws: Never.self) { try compile(spec, config, Self.hopper) }
        for capability in example.foreign {
            let error = #expect(throws: CUDACompileError.self) { try compile(spec, config, capability) }
            #expect(error?.description.hasSuffix("#error directive: \"\(example.error)\"") == true)
        }
    }
}
