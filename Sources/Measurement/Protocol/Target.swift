import KernelSpec

/// What a worker has to know of a kernel spec: everything but the space, whose configs reach it one at a time.
///
/// It is complete in itself (no expression is left to evaluate, paths are absolute), so that a worker in another language
/// needs no reader of kernel.json.
struct Target: Codable, Sendable, Equatable {
    var name: String
    /// `Language`'s raw value: "c", "c++", "cuda", …
    var language: String
    var source: String
    var function: String
    var compilerOptions: [String]
    var includePaths: [String]
    var compiler: String?
    var arguments: [TargetArgument]
    var verification: TargetVerification

    init(_ spec: KernelSpec) {
        name = spec.name
        language = spec.kernel.language.rawValue
        source = spec.kernel.sourcePath
        function = spec.kernel.function
        compilerOptions = spec.kernel.compilerOptions
        includePaths = spec.kernel.includePaths
        compiler = spec.kernel.compiler
        arguments = spec.arguments.map(TargetArgument.init)
        verification = TargetVerification(
            spec.verification, of: spec.arguments, returnsResults: spec.kernel.language.isPython)
    }
}

struct TargetVerification: Codable, Sendable, Equatable {
    enum Reference: Codable, Sendable, Equatable {
        /// What the artifact handed to `open` as the reference computes with the kernel's own function.
        case defaultConfig
        /// What this function of the reference artifact computes.
        case function(String)
        /// What a function of a Python file, absolute, returns for the arguments that are not outputs.
        case script(path: String, function: String)
        /// .npy files by the argument's name.
        case files([String: String])
    }

    var against: Reference
    /// How near results have to be, by the name of their type.
    var tolerances: [String: Tolerance]

    /// - Parameter returnsResults: whether results may be of types that no argument has.
    init(_ verification: Verification, of arguments: [Argument], returnsResults: Bool = false) {
        tolerances = [:]
        let written = arguments.filter { $0.role == .output || $0.role == .inOut }.map(\.dataType)
        for type in returnsResults ? DataType.allCases : written {
            let (relative, absolute) = verification.tolerance(for: type)
            tolerances[type.rawValue] = Tolerance(relative: relative, absolute: absolute)
        }
        switch verification.against {
        case .defaultConfig: against = .defaultConfig
        case .function(let name): against = .function(name)
        case .script(let path, let function): against = .script(path: path, function: function)
        case .files(let paths): against = .files(paths)
        }
    }
    func tolerance(for type: DataType) -> Tolerance {
        tolerances[type.rawValue] ?? Tolerance(relative: 0, absolute: 0)
    }
}
