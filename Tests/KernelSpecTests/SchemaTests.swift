import Foundation
import Subprocess
import Testing

@testable import KernelSpec

/// What the reader takes and refuses, against what the schema does, by a validator that is not ours.
@Suite(.enabled("Python's jsonschema is not installed") { await Validator.isThere })
struct SchemaTests {
    struct Case: Sendable {
        let old: String
        let new: String
        let isValid: Bool
    }

    private static func good(_ old: String, _ new: String) -> Case { Case(old: old, new: new, isValid: true) }
    private static func bad(_ old: String, _ new: String) -> Case { Case(old: old, new: new, isValid: false) }

    static let ofCUDA: [Case] = [
        good("", ""), good("{\n", "{ \"$schema\": \"../Docs/kernel.schema.json\",\n"),
        good("\"max\": 8, \"step\": 2", "\"max\": 8.0, \"step\": 2"), good("[4, 8, 12]", "[[1, 2], 8, [null, [true]]]"),
        good("\"shape\": [\"K\", 64]", "\"shape\": [64.0]"), good(", \"atol\": 0.5", ""), good("\"2 * K ** 3\"", "1e9"),
        good("\"kind\": \"normal\", \"seed\": 1", "\"kind\": \"uniform\", \"low\": -1, \"seed\": 9223372036854775807"),
        good("\"against\": \"default\"", "\"against\": { \"function\": \"reference<4>\" }"),
        bad("\"name\": \"matmul\",", ""), bad("\"name\": \"matmul\"", "\"name\": \"\""),
        bad("\"launch\":", "\"lunch\":"),
        bad("\"cuda\"", "\"hip\""), bad("\"cuda\"", "\"c++\""), bad("\"cuda\"", "null"),
        bad("[\"--use_fast_math\"]", "[1]"),
        bad("\"role\": \"output\"", "\"role\": \"input\""), bad("\"role\": \"output\"", "\"role\": \"out\""),
        bad("\"role\": \"output\"", "\"role\": \"output\", \"fill\": { \"kind\": \"zeros\" }"),
        bad("\"int32\"", "\"int\""), bad("\"value\": 4096", "\"value\": 4096.5"),
        bad("\"value\": 4096", "\"value\": true"),
        bad("\"value\": 4096", "\"value\": \"4096\""), bad("\"value\": 4096", "\"value\": 4096, \"shape\": [1]"),
        bad("\"shape\": [\"K\", 64], ", ""), bad("[\"K\", 64]", "[]"), bad("[\"K\", 64]", "[0]"),
        bad("[\"K\", 64]", "[1.5]"),
        bad("[\"K\", 64]", "64"), bad("\"kind\": \"normal\"", "\"kind\": \"gauss\""), bad("\"kind\": \"normal\", ", ""),
        bad("\"seed\": 1", "\"seed\": -1"), bad("\"seed\": 1", "\"seed\": 1.5"), bad("\"seed\": 1", "\"std\": -1"),
        bad("\"kind\": \"normal\", \"seed\": 1", "\"kind\": \"integers\", \"low\": 0"),
        bad("\"kind\": \"normal\", \"seed\": 1", "\"kind\": \"zeros\", \"seed\": 1"),
        bad("[\"32 * num_warps\", 1]", "[]"),
        bad("[\"32 * num_warps\", 1]", "[1, 1, 1, 1]"), bad("[\"32 * num_warps\", 1]", "[null]"),
        bad("\"num_stages * (block_m + block_n) * 2\"", "\"\""), bad("\"block_n\"", "\"block n\""),
        bad("\"block_n\"", "\"for\""),
        bad("\"block_n\"", "\"max\""), bad("\"boolean\"", "\"bool\""),
        bad("\"max\": 256, \"default\"", "\"max\": 255, \"default\""),
        bad("\"default\": 64", "\"default\": 48"), bad("\"default\": 64", "\"step\": 2"),
        bad("\"step\": 2", "\"step\": 0"),
        bad("[4, 8, 12]", "[4, 8, 8.0]"), bad("[4, 8, 12]", "[4, 8, {}]"),
        bad("[null, \"xor\", true, 2]", "[\"xor\", []]"),
        bad("[null, \"xor\", true, 2]", "[]"), bad("\"length\": 2, \"of\"", "\"length\": 0, \"of\""),
        bad("\"length\": 2, \"of\"", "\"of\""), bad("\"length\": 2, \"default\"", "\"length\": 65, \"default\""),
        bad("\"length\": 2, \"default\"", "\"length\": 2, \"name\": \"x\", \"default\""),
        bad("\"rtol\": 1e-2", "\"rtol\": \"1e-2\""),
        bad("\"atol\": 0.5", "\"atol\": -0.5"), bad("\"against\": \"default\"", "\"against\": \"reference\""),
        bad("\"against\": \"default\"", "\"against\": {}"), bad("\"bytes\": 1024", "\"bytes\": null"),
        bad("\"bytes\"", "\"byte\""),
        bad("\"constraints\": [", "\"constraints\": [true, "), bad("\"of the pipeline\"", "7"),
    ]

    static let ofC: [Case] = [
        good("", ""), good("[16]", "[16], \"fill\": { \"kind\": \"arange\", \"step\": 0.5 }"), bad("\"c\"", "\"cuda\""),
        bad("\"function\": \"matmul\"", "\"function\": \"matmul<4>\""),
        bad("\"config_space\": [", "\"config_space\": [], \"x\": ["),
        good("\"int64\", \"value\": 16", "\"int64\", \"value\": 16.0"), bad("\"int64\"", "\"bool\""),
        bad("\"float32\", \"shape\": [16]", "\"int8\", \"shape\": [16], \"fill\": { \"kind\": \"normal\" }"),
        bad("\"role\": \"inout\"", "\"role\": \"inout\", \"fil\": {}"), bad("\"type\": \"integer\", ", ""),
        bad("\"shape\": [16]", "\"shape\": [16], \"symbol\": \"a\""),
        bad("  \"config_space\"", "  \"launch\": { \"grid\": [1] },\n  \"config_space\""),
        bad("  \"config_space\"", "  \"verification\": { \"against\": \"reference.py:matmul\" },\n  \"config_space\""),
    ]

    static let against = "\"reference.py:matmul\""

    /// What holds of both languages in Python.
    static let ofPython: [Case] = [
        good("", ""), good(against, "\"default\""), good(", \"function\": \"matmul\"", ", \"function\": \"a.b\""),
        bad(against, "\"matmul\""), bad(against, "\"reference.py:\""), bad(against, "\":matmul\""),
        bad(against, "\"reference.py:a.b\""), bad(against, "{ \"function\": \"matmul\" }"), bad(against, "{}"),
        bad("\"function\": \"matmul\"", "\"function\": \"matmul\", \"compiler_options\": []"),
        bad("\"function\": \"matmul\"", "\"function\": \"matmul\", \"include_paths\": [\"a\"]"),
        bad("\"function\": \"matmul\"", "\"function\": \"matmul\", \"compiler\": \"nvcc\""),
        bad("\"shape\": [64, 64]", "\"shape\": [64, 64], \"symbol\": \"x\""), bad("\"matmul.py\"", "\"\""),
    ]

    static let ofHelion: [Case] =
        ofPython + [
            good("\"shape\": [64, 64]", "\"shape\": [64, 64], \"role\": \"inout\""),
            good("\"shape\": [64, 64]", "\"shape\": [64, 64], \"order\": [1, 0]"), bad("\"helion\"", "\"triton\""),
            bad("\"helion\"", "\"cuda\""), bad("\"n\", \"dtype\": \"int32\"", "\"n\", \"dtype\": \"bool\""),
            bad("  \"workload\"", "  \"constraints\": [],\n  \"workload\""),
            bad("  \"workload\"", "  \"config_space\": [{ \"name\": \"a\", \"type\": \"boolean\" }],\n  \"workload\""),
            bad("  \"workload\"", "  \"launch\": { \"grid\": [1] },\n  \"workload\""),
        ]

    static let ofTriton: [Case] =
        ofPython + [
            good("\"BLOCK\", \"type\"", "\"BLOCK\", \"description\": \"rows\", \"type\""),
            bad("\"triton\"", "\"helion\""),
            bad("\"triton\"", "\"cuda\""), bad("\"role\": \"output\"", "\"role\": \"input\""),
            bad("\"grid\"", "\"block\""),
            bad("BLOCK)\"]", "BLOCK)\"], \"block\": [32]"), bad("BLOCK)\"]", "BLOCK)\"], \"shared_memory\": 0"),
            bad("BLOCK)\"]", "BLOCK)\"], \"cooperative\": true"), bad("BLOCK)\"]", "BLOCK)\", 1, 1, 1]"),
            bad("  \"launch\": { \"grid\": [\"ceil_div(n, BLOCK)\"] },\n", ""),
            bad("\"config_space\": [", "\"config_space\": [], \"x\": ["),
            bad(
                "  \"config_space\": [ { \"name\": \"BLOCK\", \"type\": \"power_of_2\", \"min\": 16, \"max\": 64 } ],\n",
                ""),
        ]

    @Test(
        "reader and schema agree",
        arguments: [
            (Sample.cuda, ofCUDA), (Sample.c, ofC), (Sample.helion, ofHelion), (Sample.triton, ofTriton),
        ])
    func agreement(sample: String, cases: [Case]) async throws {
        let texts = cases.map { $0.old.isEmpty ? sample : sample.replacing($0.old, with: $0.new, maxReplacements: 1) }
        let verdicts = try await Validator.validate(texts)
        for (index, text) in texts.enumerated() {
            let isChanged = cases[index].old.isEmpty || text != sample
            let reader = try SpecFolder.with { $0.error(of: text) }
            let told = "\(cases[index].old) -> \(cases[index].new): \(reader)"
            #expect(isChanged && (reader == "no error") == cases[index].isValid, "reader: \(told)")
            #expect(verdicts[index] == cases[index].isValid, "schema: \(told)")
        }
    }

    @Test("every kernel.json of the examples is valid by reader and schema")
    func examples() async throws {
        let root = Validator.root.appending(path: "Examples")
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter {
            let file = $0.split(separator: "/").last ?? ""
            return file.hasPrefix("kernel") && file.hasSuffix(".json")
        }
        #expect(names.contains("helion/matmul/kernel.json") && names.contains("triton/matmul/kernel.json"))
        let files = names.map { root.appending(path: $0) }
        let verdicts = try await Validator.validate(try files.map { try String(contentsOf: $0, encoding: .utf8) })
        for (file, isValid) in zip(files, verdicts) {
            #expect(isValid, "schema: \(file.path)")
            #expect(throws: Never.self, "reader: \(file.path)") { try KernelSpec.read(from: file.path) }
        }
    }

    @Test("the schema is a valid schema")
    func metaschema() async throws {
        let check = "import json, sys, jsonschema; jsonschema.Draft202012Validator.check_schema(json.load(sys.stdin))"
        let schema = try String(contentsOf: Validator.schema, encoding: .utf8)
        let result = try await Subprocess.run(
            .name("python3"), arguments: ["-c", check], input: .string(schema), output: .discarded)
        #expect(result.terminationStatus.isSuccess)
    }
}

enum Validator {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let schema = root.appending(path: "Docs/kernel.schema.json")

    static var isThere: Bool {
        get async {
            let result = try? await Subprocess.run(
                .name("python3"), arguments: ["-c", "import jsonschema.validators"], output: .discarded,
                error: .discarded)
            return result?.terminationStatus.isSuccess ?? false
        }
    }

    /// Whether each of the texts is valid.
    static func validate(_ texts: [String]) async throws -> [Bool] {
        let program = """
            import json, sys, jsonschema
            schema, texts = json.load(sys.stdin)
            validator = jsonschema.Draft202012Validator(json.loads(schema))
            print(json.dumps([validator.is_valid(json.loads(text)) for text in texts]))
            """
        struct Input: Encodable {
            let schema: String
            let texts: [String]

            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                try list.encode(schema)
                try list.encode(texts)
            }
        }
        let input = try JSONEncoder().encode(Input(schema: String(contentsOf: schema, encoding: .utf8), texts: texts))
        let result = try await Subprocess.run(
            .name("python3"), arguments: ["-c", program], input: .string(String(decoding: input, as: UTF8.self)),
            output: .string(limit: 1 << 20))
        return try JSONDecoder().decode([Bool].self, from: Data(result.standardOutput.utf8))
    }
}
