internal import ConfigSpace

/// Reads kernel.json (`Docs/kernel.schema.json`), section by section; the sections' readers have files of their own.
struct KernelFileReader {
    let place: SpecPlace

    static let languages: [Language] = [.c, .cPlusPlus, .cuda, .helion, .triton]

    func read(_ root: JSONNode) throws(SpecError) -> KernelSpec {
        let file = try JSONObject(
            root,
            keys: [
                "$schema", "name", "kernel", "arguments", "launch", "config_space", "constraints", "verification",
                "workload",
            ])
        if let schema = file.optional("$schema") { _ = try schema.requireString() }
        let name = try file.required("name").requireString()
        let kernel = try readKernel(file.required("kernel"))
        let arguments = try ArgumentsReader(place: place, language: kernel.language).read(
            file.required("arguments"))
        let space = try readSpace(file, kernel.language, arguments)
        let geometry = GeometryReader(space: space)
        return KernelSpec(
            name: name, path: place.path, kernel: kernel, arguments: arguments,
            launch: try geometry.readLaunch(in: file, language: kernel.language), configSpace: space,
            verification: try VerificationReader(place: place, arguments: arguments, kernel: kernel).read(
                file.optional("verification")),
            workload: try file.optional("workload").map { node throws(SpecError) in try geometry.readWorkload(node) },
            warnings: [])
    }

    private func readSpace(
        _ file: JSONObject, _ language: Language, _ arguments: [Argument]
    ) throws(SpecError) -> ConfigSpace {
        guard language.tellsSpace else {
            return try ConfigSpaceReader(arguments: arguments).read(
                file.required("config_space"), constraints: file.optional("constraints"))
        }
        for key in ["config_space", "constraints"] {
            if let node = file.optional(key) {
                throw node.error(
                    "a \(language.rawValue) kernel tells its configuration space itself", help: "remove \"\(key)\"")
            }
        }
        do {
            return try ConfigSpace(parameters: [], constraints: [], constants: arguments.scalars)
        } catch {
            throw file.node.error(error.description)
        }
    }

    private func readKernel(_ node: JSONNode) throws(SpecError) -> Kernel {
        let kernel = try JSONObject(
            node, keys: ["language", "source", "function", "compiler_options", "include_paths", "compiler"])
        let language = try readLanguage(kernel.required("language"))
        let source = try kernel.required("source")
        let sourceName = try source.requireString()
        let sourcePath = place.resolve(sourceName)
        switch InputFile.kind(of: sourcePath) {
        case .missing:
            throw source.error(
                "no such file: \(sourceName)", help: "give the source's path, seen from the folder of this file")
        case .folder: throw source.error("\(sourceName) is a folder", help: "give the source file in it")
        case .file: break
        }
        let function = try kernel.required("function")
        let functionName = try function.requireString()
        guard language != .c || Identifier.isIdentifier(functionName) else {
            throw function.error("\(Value.string(functionName).json) is not a C identifier")
        }
        if language.isPython { try refuseCompilerKeys(kernel, language) }
        let includes = try readStrings(kernel.optional("include_paths"))
        return Kernel(
            language: language, source: sourceName, sourcePath: sourcePath, function: functionName,
            compilerOptions: try readStrings(kernel.optional("compiler_options")),
            includePaths: includes.map(place.resolve),
            compiler: try kernel.optional("compiler").map { node throws(SpecError) in try node.requireString() })
    }

    private func refuseCompilerKeys(_ kernel: JSONObject, _ language: Language) throws(SpecError) {
        for key in ["compiler_options", "include_paths", "compiler"] {
            if let node = kernel.optional(key) {
                throw node.error("\"\(key)\" means nothing in \(language.rawValue)", help: "remove it")
            }
        }
    }

    private func readLanguage(_ node: JSONNode) throws(SpecError) -> Language {
        let name = try node.requireString()
        guard let language = Language(rawValue: name), Self.languages.contains(language) else {
            throw node.unknown("language", name, among: Self.languages.map(\.rawValue))
        }
        return language
    }

    private func readStrings(_ node: JSONNode?) throws(SpecError) -> [String] {
        guard let node else { return [] }
        var strings: [String] = []
        for element in try node.requireArray() { strings.append(try element.requireString()) }
        return strings
    }
}

extension [Argument] {
    /// The scalar arguments' values, by name: what expressions may use beside parameters.
    var scalars: [String: Value] {
        var scalars: [String: Value] = [:]
        for argument in self {
            if case .scalar(let value) = argument.kind { scalars[argument.name] = value }
        }
        return scalars
    }
}
