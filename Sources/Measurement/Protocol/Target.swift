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
        verification = TargetVerification(spec.verification)
    }
}

struct TargetVerification: Codable, Sendable, Equatable {
    enum Reference: Codable, Sendable, Equatable {
        /// What the artifact handed to `open` as the reference computes with the kernel's own function.
        case defaultConfig
        /// What this function of the reference artifact computes.
        case function(String)
        /// .npy files by the argument's name.
        case files([String: String])
    }

    var against: Reference
    var relativeTolerance: Double
    var absoluteTolerance: Double

    init(_ verification: Verification) {
        relativeTolerance = verification.relativeTolerance
        absoluteTolerance = verification.absoluteTolerance
        switch verification.against {
        case .defaultConfig: against = .defaultConfig
        case .function(let name): against = .function(name)
        case .files(let paths): against = .files(paths)
        }
    }
}
