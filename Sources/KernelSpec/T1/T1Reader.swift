internal import ConfigSpace

/// Reads a T1 file, the auto-tuning community's input format, the way Kernel Tuner reads it.
///
/// Such files contradict themselves and their kernels in places. What can be lived with becomes a warning that says
/// what was odd and what is done about it.
struct T1Reader {
    let place: SpecPlace

    func read(_ root: JSONNode) throws(SpecError) -> KernelSpec {
        var warnings: [String] = []
        let specification = root.member("KernelSpecification")
        if specification == nil {
            warnings.append(root.oddity("has no KernelSpecification: only recorded results can be used"))
        }
        let language = try readLanguage(specification, &warnings)
        let space = try T1Space(root, isForGPU: language != .c && language != .cPlusPlus).read(&warnings)
        let arguments = T1Arguments(specification: specification, space: space).read(&warnings)
        let launch = T1Launch(specification: specification, space: space).read(for: language, &warnings)
        return KernelSpec(
            name: readName(root, specification, &warnings), path: place.path,
            kernel: readKernel(specification, language, &warnings), arguments: arguments, launch: launch,
            configSpace: space, verification: Verification(against: .defaultConfig), workload: nil, warnings: warnings)
    }

    private func readName(_ root: JSONNode, _ specification: JSONNode?, _ warnings: inout [String]) -> String {
        let general = root.member("General")?.member("BenchmarkName")?.string
        let node = specification?.member("BenchmarkName")
        if let general, let node, let own = node.string, own != general {
            warnings.append(node.oddity("\"\(own)\" contradicts General's \"\(general)\", which is used"))
        }
        return general ?? node?.string ?? specification?.member("KernelName")?.string ?? "kernel"
    }

    private func readLanguage(_ node: JSONNode?, _ warnings: inout [String]) throws(SpecError) -> Language {
        guard let languageNode = node?.member("Language") else {
            if let node { warnings.append(node.oddity("names no Language: CUDA is assumed")) }
            return .cuda
        }
        let name = try languageNode.requireString()
        switch name.lowercased() {
        case "cuda": return .cuda
        case "opencl": return .openCL
        case "hip": return .hip
        case "c": return .c
        case "c++", "cpp": return .cPlusPlus
        default: throw languageNode.unknown("Language", name, among: ["CUDA", "OpenCL", "HIP", "C", "C++"])
        }
    }

    private func readKernel(_ node: JSONNode?, _ language: Language, _ warnings: inout [String]) -> Kernel {
        let source = node?.member("KernelFile")?.string ?? ""
        let path = place.resolve(source)
        if let node, InputFile.kind(of: path) != .file {
            let message =
                source.isEmpty ? "names no KernelFile" : "there is no source file \(source)"
            warnings.append(
                (node.member("KernelFile") ?? node).oddity(message + ": only recorded results can be used"))
        }
        return Kernel(
            language: language, source: source, sourcePath: path, function: node?.member("KernelName")?.string ?? "",
            compilerOptions: compilerOptions(node?.member("CompilerOptions"), &warnings),
            isForKernelTuner: true)
    }

    /// Without the device that the file was written on.
    private func compilerOptions(_ list: JSONNode?, _ warnings: inout [String]) -> [String] {
        var options: [String] = []
        for node in list?.elements.map({ $0 }) ?? [] {
            guard let option = node.string else { continue }
            if ["-arch", "--gpu-architecture", "-gencode", "--generate-code"].contains(where: {
                option.hasPrefix("\($0)=")
            }) {
                warnings.append(node.oddity("\(option) is left out: it is compiled for the device at hand"))
            } else {
                options.append(option)
            }
        }
        return options
    }
}

extension JSONNode {
    /// A warning, with the place.
    func oddity(_ message: String) -> String { error(message).description }
}

extension SpecError {
    /// A warning instead, with what follows from the fault.
    func oddity(_ consequence: String) -> String {
        SpecError(file: file, line: line, column: column, path: path, message: "\(message): \(consequence)").description
    }
}
