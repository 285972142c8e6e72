import ConfigSpace
import Testing

@testable import KernelSpec

/// The configuration space of a kernel that tells it itself.
struct ToldSpaceTests {
    private static let told = """
        {"config_space":[{"name":"num_warps","type":"power_of_2","min":1,"max":32,"default":2},
        {"name":"block_sizes","type":"list","length":2,"of":{"type":"power_of_2","min":16,"max":64},"default":[16,32]}],
        "constraints":["num_warps * 32 <= n","block_sizes[0] <= 32"]}
        """

    private func helion() throws -> KernelSpec { try SpecFolder.with { try $0.read(Sample.helion) } }

    private func value(_ text: String) throws -> Value {
        try JSONDocument.parse(Array(text.utf8), file: "told").root.value
    }

    @Test("until it is asked, such a kernel has one config without parameters")
    func untold() throws {
        let spec = try helion()
        #expect(spec.configSpace.parameters.isEmpty && spec.toldSpace == nil)
        #expect(Array(spec.configSpace.allConfigs()).map(\.json) == ["{}"])
    }

    @Test("the space that it tells is the spec's, constraints over scalar arguments too, and all else stays")
    func told() throws {
        let document = try value(Self.told)
        let spec = try helion()
        let whole = try spec.with(space: document)
        #expect(whole.configSpace.defaultConfig.json == #"{"block_sizes":[16,32],"num_warps":2}"#)
        // num_warps is 1 or 2, the first block 16 or 32, the second one of three.
        #expect(whole.configSpace.count().exact == 12)
        #expect(whole.toldSpace == document)
        #expect(whole.name == spec.name && whole.path == spec.path && whole.kernel.sourcePath == spec.kernel.sourcePath)
        #expect(whole.arguments.map(\.name) == ["x", "n"] && whole.launch == nil)
        #expect(whole.verification.against == spec.verification.against)
        #expect(whole.verification.relativeTolerance == 1e-2 && whole.workload?.flops != nil)
    }

    @Test(
        "what is no space is an error that names the kernel and the place in what it told",
        arguments: [
            (
                #"{"config_space":[{"name":"a","type":"enumeration","values":[1]}]}"#,
                """
                the space of matmul.py:1:37: config_space[0].type: unknown type "enumeration"
                  known: power_of_2, integer, enum, values, boolean, permutation, list, tuple
                """
            ),
            (#"{"constraints":[]}"#, #"the space of matmul.py:1:1: "config_space" is missing"#),
            (#"[]"#, "the space of matmul.py:1:1: expected an object, found an array"),
        ])
    func notASpace(text: String, message: String) throws {
        let spec = try helion()
        let error = #expect(throws: SpecError.self) { try spec.with(space: try value(text)) }
        #expect(error.map { "\($0)" } == message)
    }
}
