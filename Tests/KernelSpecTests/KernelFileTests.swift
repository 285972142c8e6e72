import ConfigSpace
import Testing

@testable import KernelSpec

struct KernelFileTests {
    @Test("a whole kernel.json is read as it is written")
    func wholeFile() throws {
        try SpecFolder.with { folder in
            let spec = try folder.read(Sample.cuda)
            #expect(spec.name == "matmul")
            #expect(spec.path == folder.path + "/kernel.json")
            #expect(spec.kernel.language == .cuda)
            #expect(spec.kernel.source == "matmul.cu")
            #expect(spec.kernel.sourcePath == folder.path + "/matmul.cu")
            #expect(spec.kernel.function == "matmul<float, 4>")
            #expect(spec.kernel.compilerOptions == ["--use_fast_math"])
            #expect(spec.kernel.includePaths == [folder.path + "/include", "/opt/include"])
            #expect(spec.kernel.compiler == nil)
            #expect(spec.warnings.isEmpty)
        }
    }

    @Test("arguments keep their order, and shapes use earlier scalars")
    func arguments() throws {
        let arguments = try SpecFolder.with { try $0.read(Sample.cuda).arguments }
        #expect(arguments.map(\.name) == ["K", "A", "C", "alpha"])
        #expect(arguments.map(\.role) == [nil, .input, .output, nil])
        #expect(arguments.map(\.elementCount) == [1, 4096 * 64, 8192 * 64, 1])
        guard case .scalar(.int(4096)) = arguments[0].kind, case .scalar(.double(0.5)) = arguments[3].kind,
            case .array([4096, 64], .normal(mean: 0, standardDeviation: 1, seed: 1), .input) = arguments[1].kind,
            case .array([8192, 64], .zeros, .output) = arguments[2].kind
        else {
            Issue.record("\(arguments)")
            return
        }
    }

    @Test("every domain is read, with its default")
    func domains() throws {
        let space = try SpecFolder.with { try $0.read(Sample.cuda).configSpace }
        #expect(
            space.parameters.map(\.domain) == [
                .powerOf2(min: 16, max: 256), .powerOf2(min: 16, max: 256), .values([.int(4), .int(8), .int(12)]),
                .integer(min: 2, max: 8, step: 2), .values([.null, .string("xor"), .bool(true), .int(2)]), .boolean,
                .list(length: 2, of: .permutation(length: 2)),
                .tuple([.powerOf2(min: 1, max: 1), .integer(min: 0, max: 4, step: 1)]),
            ])
        let swapped = Value.list([.int(1), .int(0)])
        #expect(
            space.defaultConfig.values == [
                .int(64), .int(16), .int(8), .int(2), .string("xor"), .bool(false), .list([swapped, swapped]),
                .list([.int(1), .int(3)]),
            ])
        #expect(space.parameters.map(\.description) == [nil, nil, nil, "of the pipeline", nil, nil, nil, nil])
        #expect(
            space.constraints.map(\.text) == ["block_m * block_n <= 32768", "num_stages == 2 or block_sizes[1] >= 2"])
        #expect(space.constants == ["K": .int(4096), "alpha": .double(0.5)])
    }

    @Test("launch and workload are expressions over parameters and scalars")
    func geometry() throws {
        let spec = try SpecFolder.with { try $0.read(Sample.cuda) }
        let config = spec.configSpace.defaultConfig
        let lookup = { (name: String) in spec.configSpace.value(of: name, in: config) }
        let launch = try #require(spec.launch)
        #expect(try launch.grid.map { try $0.evaluateInt(lookup) } == [64 * 256])
        #expect(try launch.block.map { try $0.evaluateInt(lookup) } == [256, 1])
        #expect(try launch.sharedMemoryBytes?.evaluateInt(lookup) == 320)
        #expect(try spec.workload?.flops?.evaluateDouble(lookup) == 2 * 4096.0 * 4096 * 4096)
        #expect(try spec.workload?.bytes?.evaluateDouble(lookup) == 1024)
    }

    @Test("what is left out has sensible defaults")
    func defaults() throws {
        let spec = try SpecFolder.with { try $0.read(Sample.c) }
        #expect(spec.launch == nil)
        #expect(spec.workload == nil)
        #expect(spec.verification.against == .defaultConfig)
        #expect(spec.verification.relativeTolerance == 1e-4)
        #expect(spec.verification.absoluteTolerance == 1e-4)
        guard case .array(_, .normal(mean: 0, standardDeviation: 1, seed: 1), .input) = spec.arguments[0].kind,
            case .array([16], .normal(mean: 0, standardDeviation: 1, seed: 3), .inOut) = spec.arguments[2].kind
        else {
            Issue.record("\(spec.arguments)")
            return
        }
    }

    @Test("a default written as 64.0 is the domain's 64")
    func canonicalDefault() throws {
        let text = Sample.c.replacing("\"max\": 4", with: "\"max\": 4.0, \"default\": 3.0")
        #expect(try SpecFolder.with { try $0.read(text).configSpace.defaultConfig.values } == [.int(3)])
    }

    @Test("a missing file and a folder are told as such")
    func missingFile() throws {
        try SpecFolder.with { folder in
            let missing = #expect(throws: SpecError.self) { try KernelSpec.read(from: folder.path + "/no.json") }
            #expect(missing?.description == "\(folder.path)/no.json: no such file\n  check the path")
            let directory = #expect(throws: SpecError.self) { try KernelSpec.read(from: folder.path) }
            #expect(directory?.description == "\(folder.path): is a folder\n  give the file in it")
        }
    }
}
