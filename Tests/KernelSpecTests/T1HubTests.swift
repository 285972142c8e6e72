import ConfigSpace
import Foundation
import Subprocess
import Testing

@testable import KernelSpec

@Suite(.enabled(if: Hub.isThere, "the hub's files do not lie in ../shared/hub beside the repository"))
struct T1HubTests {
    @Test(
        "the number of valid configs is what the hub says",
        arguments: [
            ("convolution", 4362), ("dedispersion", 11_130), ("pnpoly", 4092), ("gemm", 116_928), ("hotspot", 82_984),
        ])
    func counts(name: String, count: Int) throws {
        let spec = try KernelSpec.read(from: Hub.path("\(name)_T1.json"))
        #expect(spec.configSpace.count().exact == UInt128(count))
        #expect(spec.configSpace.isValid(spec.configSpace.defaultConfig))
    }

    @Test(
        "every recorded config is a valid one, and none is missing",
        arguments: [
            ("convolution", "A100"), ("dedispersion", "A100"), ("pnpoly", "RTX3090"),
        ])
    func records(name: String, device: String) async throws {
        let space = try KernelSpec.read(from: Hub.path("\(name)_T1.json")).configSpace
        let unpacked = try await Subprocess.run(
            .name("gzip"), arguments: ["-dc", Hub.path("\(name)_\(device)_T4.json.gz")],
            output: .bytes(limit: 1 << 27))
        let records = try #require(
            try JSONDocument.parse(unpacked.standardOutput, file: name).root.member("results"))
        var recorded: Set<Value> = []
        for record in records.elements { recorded.insert(try #require(record.member("configuration")).value) }
        #expect(recorded.count == records.count)
        #expect(space.count().exact == UInt128(recorded.count))
        let missing = recorded.filter { record in
            guard case .object(let values) = record else { return true }
            let names = space.parameters.map(\.name)
            return !space.isValid(Config(names: names, values: names.map { values[$0] ?? .null }))
        }
        #expect(missing.isEmpty)
    }

    @Test("what is odd in gemm's file is told, and lived with")
    func oddities() throws {
        let path = Hub.path("gemm_T1.json")
        let spec = try KernelSpec.read(from: path)
        #expect(spec.name == "gemm")
        #expect(spec.kernel.language == .openCL)
        #expect(
            spec.warnings.map { $0.replacing(path, with: "gemm_T1.json") } == [
                "gemm_T1.json:12:28: ConfigurationSpace.TuningParameters[0].Default: "
                    + "GEMMK's Default is the list [0]: 0 is taken",
                "gemm_T1.json:198:22: KernelSpecification.LocalSize: unknown name block_size_x: "
                    + "blocks of 256 x 1 x 1 threads are used, as Kernel Tuner does",
                "gemm_T1.json:203:23: KernelSpecification.GlobalSize: gives 16 x 4096 x 1 blocks for the default config: "
                    + "ProblemSize and GridDiv give 64 x 64 x 4096, which is used, as Kernel Tuner does",
                "gemm_T1.json:194:26: KernelSpecification.BenchmarkName: "
                    + "\"hotspot\" contradicts General's \"gemm\", which is used",
                "gemm_T1.json:196:23: KernelSpecification.KernelFile: there is no source file gemm_milo/common.opencl: "
                    + "only recorded results can be used",
            ])
    }

    @Test("convolution's arguments, launch and default are those of Kernel Tuner's reading")
    func convolution() throws {
        let spec = try KernelSpec.read(from: Hub.path("convolution_T1.json"))
        #expect(spec.kernel.language == .cuda)
        #expect(spec.kernel.function == "convolution_kernel")
        #expect(spec.arguments.map(\.name) == ["output_image", "input_image", "d_filter"])
        #expect(spec.arguments.map(\.role) == [.output, .input, .input])
        #expect(spec.arguments.map(\.elementCount) == [4096 * 4096, 4110 * 4110, 225])
        let config = spec.configSpace.defaultConfig
        #expect(config.values == [16, 16, 1, 1, 0, 1, 1, 1, 15, 15].map { .int($0) })
        let lookup = { (name: String) in spec.configSpace.value(of: name, in: config) }
        #expect(try spec.launch?.grid.map { try $0.evaluateInt(lookup) } == [256, 256, 1])
        #expect(try spec.launch?.block.map { try $0.evaluateInt(lookup) } == [16, 16, 1])
        #expect(spec.launch?.sharedMemoryBytes == nil)
    }
}
