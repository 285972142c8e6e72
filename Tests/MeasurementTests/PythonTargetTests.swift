import ConfigSpace
import Foundation
import KernelSpec
import Testing

@testable import Measurement

/// What Sources/Measurement/Python/Worker reads of a target, by the names that it reads it by.
@Suite("What travels to a worker in Python")
struct PythonTargetTests {
    private func json(_ spec: KernelSpec) throws -> [String: Any] {
        let line = try JSONRPC.encode(Target(spec))
        return try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }

    private func spec(
        _ language: Language, against: Verification.Reference, rtol: Double? = nil,
        arguments: [Argument] = TestKernel.xAndY
    ) throws -> KernelSpec {
        let space = try ConfigSpace(parameters: [], constraints: [])
        return KernelSpec(
            name: "k", path: "/k/kernel.json",
            kernel: Kernel(language: language, source: "k.py", sourcePath: "/k/k.py", function: "attend"),
            arguments: arguments, launch: nil, configSpace: space,
            verification: Verification(against: against, relativeTolerance: rtol), workload: nil, warnings: [])
    }

    @Test("a Helion kernel: the file, the function, the reference's file and function")
    func helion() throws {
        let target = try json(try spec(.helion, against: .script(path: "/k/reference.py", function: "attention")))
        #expect(target["language"] as? String == "helion")
        #expect(target["source"] as? String == "/k/k.py" && target["function"] as? String == "attend")
        let verification = try #require(target["verification"] as? [String: Any])
        let against = try #require(verification["against"] as? [String: [String: String]])
        #expect(against == ["script": ["path": "/k/reference.py", "function": "attention"]])
    }

    @Test("other references are told apart by one key", arguments: [Language.helion, .triton])
    func references(language: Language) throws {
        let none = try #require(
            try json(try spec(language, against: .defaultConfig))["verification"] as? [String: Any])
        #expect((none["against"] as? [String: Any])?.keys.sorted() == ["defaultConfig"])
        let files = try #require(
            try json(try spec(language, against: .files(["y": "/k/y.npy"])))["verification"] as? [String: Any])
        #expect(files["against"] as? [String: [String: [String: String]]] == ["files": ["_0": ["y": "/k/y.npy"]]])
    }

    @Test("tolerances are there for every type, since a function may return others than its arguments have")
    func tolerances() throws {
        let verification = try #require(
            try json(try spec(.helion, against: .defaultConfig))["verification"] as? [String: Any])
        let tolerances = try #require(verification["tolerances"] as? [String: [String: Double]])
        #expect(Set(tolerances.keys) == Set(DataType.allCases.map(\.rawValue)))
        #expect(tolerances["float16"] == ["relative": 1e-2, "absolute": 1e-2])
        #expect(tolerances["int64"] == ["relative": 0, "absolute": 0])
        let own = try #require(
            try json(try spec(.helion, against: .defaultConfig, rtol: 0.5))["verification"] as? [String: Any])
        #expect((own["tolerances"] as? [String: [String: Double]])?["bfloat16"] == ["relative": 0.5, "absolute": 2e-2])
    }

    @Test("arguments: arrays have shape, order, fill and role, scalars an integer or a value")
    func arguments() throws {
        let target = try json(
            try spec(
                .triton, against: .defaultConfig,
                arguments: [
                    Argument(
                        name: "a", dataType: .bfloat16,
                        kind: .array(shape: [2, 3], fill: .uniform(low: -1, high: 0.5, seed: .max), role: .inOut),
                        order: [1, 0]),
                    Argument(name: "n", dataType: .int32, kind: .scalar(.int(7))),
                    Argument(name: "s", dataType: .float32, kind: .scalar(.double(0.5))),
                    Argument(name: "f", dataType: .bool, kind: .scalar(.bool(true))),
                ]))
        let arguments = try #require(target["arguments"] as? [[String: Any]])
        #expect(arguments.map { $0["name"] as? String } == ["a", "n", "s", "f"])
        #expect(arguments[0]["dtype"] as? String == "bfloat16" && arguments[0]["role"] as? String == "inout")
        #expect(arguments[0]["shape"] as? [Int] == [2, 3] && arguments[0]["order"] as? [Int] == [1, 0])
        let fill = try #require(arguments[0]["fill"] as? [String: Any])
        #expect(fill["kind"] as? String == "uniform" && fill["seed"] as? UInt64 == .max)
        #expect(fill["first"] as? Double == -1 && fill["second"] as? Double == 0.5)
        #expect(arguments[1]["integer"] as? Int == 7 && arguments[2]["value"] as? Double == 0.5)
        #expect(arguments[3]["integer"] as? Int == 1 && arguments[3]["shape"] == nil)
    }
}
