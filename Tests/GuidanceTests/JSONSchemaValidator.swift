import Foundation

/// Python's jsonschema, a validator that is not ours.
enum JSONSchemaValidator {
    static let isThere = (try? run("import jsonschema.validators", input: Data())) != nil

    struct Failed: Error {
        var status: Int32
    }

    struct Case: Encodable {
        var schema: String
        var texts: [String]
    }

    /// Whether each of the texts meets the schema beside it, which has to be a valid one itself.
    static func validate(_ cases: [Case]) throws -> [[Bool]] {
        let program = """
            import json, sys, jsonschema

            def verdicts(case):
                schema = json.loads(case["schema"])
                jsonschema.Draft202012Validator.check_schema(schema)
                validator = jsonschema.Draft202012Validator(schema)
                return [validator.is_valid(json.loads(text)) for text in case["texts"]]

            json.dump([verdicts(case) for case in json.load(sys.stdin)], sys.stdout)
            """
        return try JSONDecoder().decode([[Bool]].self, from: run(program, input: JSONEncoder().encode(cases)))
    }

    private static func run(_ program: String, input: Data) throws -> Data {
        let folder = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "input.json")
        try input.write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
        return data
    }
}
