import ConfigSpace
import Testing

@testable import KernelSpec

struct T1Tests {
    /// A T1 file with one thing or another out of the ordinary.
    static let odd = """
        {
          "ConfigurationSpace": {
            "TuningParameters": [
              { "Name": "block_size_x", "Type": "int", "Values": "[32 * 2**i for i in range(6)]", "Default": "64" },
              { "Name": "block_size_y", "Type": "int", "Values": "[1] + list(range(2, 5, 2))" },
              { "Name": "scale", "Type": "float", "Values": "[0.5, 1, 1]", "Default": 1.0 },
              { "Name": "layout", "Type": "string", "Values": "['NHWC', 'NCHW']", "Default": "NCHW" } ],
            "Conditions": [ { "Expression": "block_size_x > 32 or layout == 'NHWC'", "Parameters": [] } ]
          },
          "KernelSpecification": {
            "Language": "CUDA", "KernelName": "k", "KernelFile": "matmul.cu",
            "GridDivX": ["block_size_x/32", "2"], "ProblemSize": [1000, "block_size_y * 10"], "SharedMemory": "block_size_x * 4",
            "Arguments": [
              { "Name": "n", "Type": "uint", "MemoryType": "Scalar", "FillValue": 7 },
              { "Name": "a", "Type": "int", "MemoryType": "Vector", "AccessType": "ReadOnly", "FillType": "Random",
                "Size": "ProblemSize[0] * block_size_x" },
              { "Name": "b", "Type": "half", "MemoryType": "Vector", "AccessType": "ReadOnly", "FillType": "Constant",
                "FillValue": 2, "Size": 16, "Output": 1 } ]
          }
        }
        """

    private func read(_ text: String) throws -> (spec: KernelSpec, warnings: [String]) {
        try SpecFolder.with { folder in
            let spec = try folder.read(text)
            return (spec, spec.warnings.map { $0.replacing(folder.path + "/", with: "") })
        }
    }

    @Test("an odd file is read, and each oddity told")
    func oddFile() throws {
        let (spec, warnings) = try read(Self.odd)
        let expected: [String] = [
            "kernel.json:6:53: ConfigurationSpace.TuningParameters[2].Values: 1 stands twice: it counts once",
            "kernel.json:3:25: ConfigurationSpace.TuningParameters: block_size_x * block_size_y <= 1024 is added to the conditions, as Kernel Tuner does: no device takes more",
            "kernel.json:4:102: ConfigurationSpace.TuningParameters[0].Default: block_size_x's Default is the text \"64\": 64 is taken",
            "kernel.json:5:7: ConfigurationSpace.TuningParameters[1]: block_size_y has no Default: 1 is taken",
            "kernel.json:16:17: KernelSpecification.Arguments[1].Size: depends on the config: room for the greatest values is made, 1024000 elements",
            "kernel.json:17:7: KernelSpecification.Arguments[2]: is ReadOnly and an Output: it is taken as read and written",
        ]
        #expect(warnings == expected)
        #expect(spec.name == "k")
        #expect(spec.configSpace.defaultConfig.values == [.int(64), .int(1), .int(1), .string("NCHW")])
        #expect(spec.configSpace.count().exact == 54)
    }

    @Test("its launch divides the problem by whole divisors and rounds up")
    func launch() throws {
        let spec = try read(Self.odd).spec
        let launch = try #require(spec.launch)
        let config = spec.configSpace.defaultConfig.with("block_size_x", .int(64)).with("block_size_y", .int(4))
        let lookup = { (name: String) in spec.configSpace.value(of: name, in: config) }
        #expect(try launch.grid.map { try $0.evaluateInt(lookup) } == [250, 10, 1])
        #expect(try launch.block.map { try $0.evaluateInt(lookup) } == [64, 4, 1])
        #expect(try launch.sharedMemoryBytes?.evaluateInt(lookup) == 256)
    }

    @Test("its arguments have C's types")
    func arguments() throws {
        let arguments = try read(Self.odd).spec.arguments
        #expect(arguments.map(\.dataType) == [.uint32, .int32, .float16])
        #expect(arguments.map(\.role) == [nil, .input, .inOut])
        #expect(try arguments[0].bytes() == [7, 0, 0, 0])
        #expect(try DataType.float16.decode(arguments[2].bytes()) == Array(repeating: 2, count: 16))
    }

    @Test("what is in constant memory lies in the symbol of its name, and is passed like all else")
    func constantMemory() throws {
        let text = Self.odd.replacing(
            "\"Size\": \"ProblemSize[0] * block_size_x\"", with: "\"Size\": 4, \"MemType\": \"Constant\"")
        let (spec, _) = try read(text)
        #expect(spec.arguments.map(\.symbol) == [nil, "a", nil])
        #expect(spec.arguments.map(\.isParameter) == [true, true, true])
        #expect(spec.kernel.isForKernelTuner)
    }

    @Test("without any Default the first valid config is the default")
    func noDefaults() throws {
        let text = """
            { "ConfigurationSpace": { "TuningParameters": [
                { "Name": "a", "Type": "int", "Values": "[0, 1, 2]" }, { "Name": "b", "Type": "int", "Values": "[2, 1]" } ],
              "Conditions": [ { "Expression": "b % a == 0 and a > 1" } ] } }
            """
        let (spec, warnings) = try read(text)
        #expect(spec.configSpace.defaultConfig.values == [.int(2), .int(2)])
        #expect(
            warnings == [
                "kernel.json:1:1: has no KernelSpecification: only recorded results can be used",
                "kernel.json:1:25: ConfigurationSpace: no parameter has a Default: the first valid config is the default, a=2 b=2",
            ])
        #expect(spec.launch == nil)
        #expect(spec.arguments.isEmpty)
    }

    @Test(
        "what cannot be lived with is an error",
        arguments: [
            (
                "block_size_x > 32 or", "block_size_z > 32 or",
                "kernel.json:8:38: ConfigurationSpace.Conditions[0].Expression: unknown name block_size_z; did you mean block_size_x?\n"
                    + "  known: block_size_x, block_size_y, scale, layout"
            ),
            (
                "block_size_x > 32 or layout == 'NHWC'", "block_size_x > 4096",
                "kernel.json:2:25: ConfigurationSpace: no config meets all conditions\n  correct the Conditions or the Values"
            ),
            (
                "[0.5, 1, 1]", "[0.5, 1",
                "kernel.json:6:61: ConfigurationSpace.TuningParameters[2].Values: expected ',' or ']', not the end"
            ),
            ("[0.5, 1, 1]", "[]", "kernel.json:6:53: ConfigurationSpace.TuningParameters[2].Values: gives no values"),
            (
                "\"CUDA\"", "\"Fortran\"",
                "kernel.json:11:17: KernelSpecification.Language: unknown Language \"Fortran\"\n"
                    + "  known: CUDA, OpenCL, HIP, C, C++"
            ),
        ])
    func errors(old: String, new: String, expected: String) throws {
        let text = Self.odd.replacing(old, with: new)
        let error = try SpecFolder.with { $0.error(of: text) }
        #expect(error == expected)
    }

    @Test("recorded results given in place of a kernel are told apart")
    func recording() throws {
        #expect(
            try SpecFolder.with { $0.error(of: "{ \"metadata\": {}, \"results\": [] }") }
                == "kernel.json:1:1: holds recorded results, not a kernel\n"
                + "  give the kernel.json or T1 file they were made from")
    }
}
