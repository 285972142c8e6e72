internal import ConfigSpace

/// Reads "verification".
struct VerificationReader {
    let place: SpecPlace
    let arguments: [Argument]
    let kernel: Kernel

    func read(_ node: JSONNode?) throws(SpecError) -> Verification {
        guard let node else { return Verification(against: .defaultConfig) }
        let object = try JSONObject(node, keys: ["against", "rtol", "atol"])
        return Verification(
            against: try object.optional("against").map { node throws(SpecError) in try readReference(node) }
                ?? .defaultConfig,
            relativeTolerance: try readTolerance(object.optional("rtol")),
            absoluteTolerance: try readTolerance(object.optional("atol")))
    }

    private func readReference(_ node: JSONNode) throws(SpecError) -> Verification.Reference {
        let ofFunction = kernel.language.isPython ? "\"reference.py:function\"" : "{\"function\": …}"
        let ways = "\"default\", \(ofFunction) or {\"npy\": {…}}"
        if let name = node.string {
            if kernel.language.isPython, let script = try readScript(name, node) { return script }
            guard name == "default" else {
                throw node.error("\(Value.string(name).json) is no reference", help: "write \(ways)")
            }
            return .defaultConfig
        }
        guard node.kind == .object else { throw node.expected(ways) }
        let object = try JSONObject(node, keys: kernel.language.isPython ? ["npy"] : ["function", "npy"])
        guard node.count == 1 else { throw node.error("has not one key", help: "write \(ways)") }
        if let files = object.optional("npy") { return .files(try readFiles(files)) }
        let function = try object.required("function")
        let name = try function.requireString()
        guard kernel.language != .c || Identifier.isIdentifier(name) else {
            throw function.error("\(Value.string(name).json) is not a C identifier")
        }
        return .function(name)
    }

    /// "reference.py:attention": a function of a Python file beside this one; nil for a text without colon.
    private func readScript(_ text: String, _ node: JSONNode) throws(SpecError) -> Verification.Reference? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let (file, function) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
        let path = place.resolve(file)
        guard InputFile.kind(of: path) == .file else {
            throw node.error(
                "no such file: \(file)", help: "give the path of a Python file, seen from this file's folder")
        }
        guard Identifier.isIdentifier(function) else {
            throw node.error("\(Value.string(function).json) is not the name of a function")
        }
        return .script(path: path, function: function)
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
