import Foundation
import Subprocess

/// A second opinion: Python's own JSON, gzip and JSON Schema.
enum Python {
    static func run(_ script: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name("python3"), arguments: Arguments(["-c", script] + arguments), output: .bytes(limit: 1 << 20),
            error: .bytes(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw Failure(text: String(decoding: result.standardError, as: UTF8.self))
        }
        return String(decoding: result.standardOutput, as: UTF8.self)
    }

    struct Failure: Error {
        var text: String
    }

    /// What a real validator finds wrong with `file`; nil where Python has none.
    static func schemaErrors(of file: String, by schema: String) async throws -> [String]? {
        let script = """
            import json, sys
            try:
                import jsonschema
            except ImportError:
                print("no validator"); sys.exit()
            schema, instance = (json.load(open(path)) for path in sys.argv[1:3])
            jsonschema.Draft202012Validator.check_schema(schema)
            for error in jsonschema.Draft202012Validator(schema).iter_errors(instance):
                print(error.json_path, error.message)
            """
        let lines = try await run(script, [schema, file]).split(separator: "\n").map(String.init)
        return lines == ["no validator"] ? nil : lines
    }

    /// Why `file` is no XML; empty where it is.
    static func xmlFault(in file: String) async throws -> String {
        let script = """
            import sys, xml.dom.minidom
            try:
                xml.dom.minidom.parse(sys.argv[1])
            except Exception as fault:
                print(fault)
            """
        return try await run(script, [file])
    }
}
