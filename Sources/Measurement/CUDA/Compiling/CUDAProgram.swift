/// What is compiled: a source with one config's macros, for one architecture.
struct CUDAProgram: Sendable {
    /// Absolute path of the user's file.
    var source: String
    /// The kernel as a C++ expression: `matmul`, `tiles::matmul`, `matmul<float, 4>`.
    var function: String
    /// What else has to be found in the machine code: a reference function, `&filter` for a variable in constant memory.
    var otherNames: [String] = []
    /// The user's, from the spec.
    var options: [String] = []
    /// The user's, from the spec; absolute.
    var includePaths: [String] = []
    /// `NAME=value`, from the config.
    var macros: [String] = []
    /// `sm_90a`.
    var architecture: String

    var names: [String] {
        var seen: Set<String> = []
        return ([function] + otherNames).filter { seen.insert($0).inserted }
    }

    /// What is handed to the compiler, each option as one argument; the user's own come last and have the last word.
    func arguments(headers: [String]) -> [String] {
        ["--gpu-architecture=\(architecture)"] + (namesStandard ? [] : [Self.standard]) + macros.map { "-D\($0)" }
            + (includePaths + headers).map { "-I\($0)" } + options
    }

    /// What nvcc and NVRTC take today; NVRTC 11 takes an older one unless it is told.
    private static let standard = "--std=c++17"

    private var namesStandard: Bool { options.contains { $0.hasPrefix("-std") || $0.hasPrefix("--std") } }

    /// The folders searched for headers by the spec's own options, as the compiler reads them.
    var optionFolders: [String] { values(ofOptions: ["-I", "--include-path"]) }

    /// The headers that the spec's own options put before the source.
    var forcedIncludes: [String] { values(ofOptions: ["-include", "--pre-include"]) }

    /// What would compile for something else than the device.
    var foreignArchitecture: String? {
        let names = ["-arch", "--gpu-architecture", "-gencode", "--generate-code", "-code", "--gpu-code"]
        return options.first { option in names.contains { option == $0 || option.hasPrefix("\($0)=") } }
    }

    /// `-I dir`, `-Idir`, `--include-path dir`, `--include-path=dir`.
    private func values(ofOptions names: [String]) -> [String] {
        var values: [String] = []
        var remaining = options[...]
        while let option = remaining.popFirst() {
            for name in names where option.hasPrefix(name) {
                let rest = option.dropFirst(name.count)
                if rest.isEmpty {
                    if let next = remaining.popFirst() { values.append(next) }
                } else if rest.hasPrefix("=") {
                    values.append(String(rest.dropFirst()))
                } else if name == "-I" {
                    values.append(String(rest))
                } else {
                    continue
                }
                break
            }
        }
        return values
    }
}
