internal import ConfigSpace

/// Reads "verification".
struct VerificationReader {
    let place: SpecPlace
    let arguments: [Argument]
    let kernel: Kernel

    func read(_ node: JSONNode?) throws(SpecError) -> Verification {
        let standard = Verification.standard(for: arguments)
        guard let node else { return standard }
        let object = try JSONObject(node, keys: ["against", "rtol", "atol"])
        return Verification(
            against: try object.optional("against").map { node throws(SpecError) in try readReference(node) }
                ?? standard.against,
            relativeTolerance: try readTolerance(object.optional("rtol")) ?? standard.relativeTolerance,
            absoluteTolerance: try readTolerance(object.optional("atol")) ?? standard.absoluteTolerance)
    }

    private func readReference(_ node: JSONNode) throws(SpecError) -> Verification.Reference {
        let ways = "\"default\", {\"function\": …} or {\"npy\": {…}}"
        if let name = node.string {
            guard name == "default" else {
                throw node.error("\(Value.string(name).json) is no reference", help: "write \(ways)")
            }
            return .defaultConfig
        }
        guard node.kind == .object else { throw node.expected(ways) }
        let object = try JSONObject(node, keys: ["function", "npy"])
        guard node.count == 1 else { throw node.error("has not one key", help: "write \(ways)") }
        if let files = object.optional("npy") { return .files(try readFiles(files)) }
        let function = try object.required("function")
        let name = try function.requireString()
        guard kernel.language != .c || Identifier.isIdentifier(name) else {
            throw function.error("\(Value.string(name).json) is not a C identifier")
        }
        return .function(name)
    }

    private func readFiles(_ node: JSONNode) throws(SpecError) -> [String: String] {
        let outputs = arguments.filter { $0.role == .output || $0.role == .inOut }
        guard node.kind == .object else { throw node.expected("an object") }
        var files: [String: String] = [:]
        for member in node.members {
            guard let output = outputs.first(where: { $0.name == member.name }) else {
                throw member.key.unknown("output argument", member.name, among: outputs.map(\.name))
            }
            let path = place.resolve(try member.value.requireString())
            try member.value.checkNumPyFile(path, for: output)
            files[output.name] = path
        }
        for output in outputs where files[output.name] == nil {
            throw node.error("has no file for the output \(output.name)", help: "name a .npy file for each output")
        }
        return files
    }

    private func readTolerance(_ node: JSONNode?) throws(SpecError) -> Double? {
        guard let node else { return nil }
        let tolerance = try node.requireDouble()
        guard tolerance >= 0 else { throw node.error("\(node.value.json) is negative") }
        return tolerance
    }
}

extension Verification {
    /// Against the default config, with the tolerances of the coarsest type among the outputs.
    static func standard(for arguments: [Argument]) -> Verification {
        let outputs = arguments.filter { $0.role == .output || $0.role == .inOut }
        let tolerance = outputs.map(\.dataType.tolerance).max() ?? DataType.float32.tolerance
        return Verification(
            against: .defaultConfig, relativeTolerance: tolerance, absoluteTolerance: tolerance)
    }
}

extension DataType {
    /// How far two right results of different summation order may be apart, relative to a value and to the
    /// root mean square of all: some roundings of the type, and for float32 and float64 many.
    fileprivate var tolerance: Double {
        switch self {
        case .float64: 1e-9
        case .float32: 1e-4
        case .float16: 1e-2
        case .bfloat16: 2e-2
        case .float8E4M3: 0.125
        case .float8E5M2: 0.25
        case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: 0
        }
    }
}
