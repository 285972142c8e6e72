import FoundationEssentials
import KernelSpec
import Subprocess
import SystemPackage

/// The system's C or C++ compiler, run as a child with an argument vector.
struct CCompiler {
    /// Program and leading arguments: the environment's `CC` may say "ccache gcc".
    let command: [String]
    let target: Target

    /// The spec's compiler, else `CC` or `CXX` of the environment, else `cc` or `c++`.
    init(target: Target, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let isCPlusPlus = target.language == Language.cPlusPlus.rawValue
        let fromEnvironment = environment[isCPlusPlus ? "CXX" : "CC"]?.split(separator: " ").map(String.init) ?? []
        self.target = target
        if let compiler = target.compiler {
            command = [compiler]
        } else if !fromEnvironment.isEmpty {
            command = fromEnvironment
        } else {
            command = [isCPlusPlus ? "c++" : "cc"]
        }
    }

    #if arch(x86_64) || arch(i386)
    private static let thisMachine = "-march=native"
    #else
    private static let thisMachine = "-mcpu=native"
    #endif

    /// Before the macros and the user's own options, which so have the last word. A call that fits no declaration would
    /// only be a warning in older C compilers, and a wrong result later.
    static let defaultOptions = ["-O3", thisMachine, "-fPIC", "-shared"]
    static let defaultCOptions = ["-Werror=implicit-function-declaration", "-Werror=incompatible-pointer-types"]

    func arguments(macros: [String], entryFile: String, output: String) -> [String] {
        Self.defaultOptions + (target.language == Language.c.rawValue ? Self.defaultCOptions : [])
            + macros.map { "-D\($0)" } + target.compilerOptions + target.includePaths.map { "-I\($0)" }
            + ["-o", output, entryFile, "-lm"]
    }

    /// Compiles `entryFile` into the shared object `output`.
    ///
    /// - Parameter scratch: the folder for the compiler's own temporary files.
    /// - Returns: nil, or the reason it does not compile.
    func compile(macros: [String], entryFile: String, output: String, scratch: String) async throws(RPCError) -> String?
    {
        let (status, errors) = try await run(
            arguments(macros: macros, entryFile: entryFile, output: output), scratch: scratch)
        guard !status.isSuccess else { return nil }
        let diagnosis = CompilerDiagnosis(errors, source: target.source, entryFile: entryFile)
        return diagnosis.firstError ?? "the compiler ended with \(status) and gave no reason"
    }

    /// The first line of `--version`.
    func version() async throws(RPCError) -> String {
        let (status, output) = try await run(["--version"], scratch: nil, readsOutput: true)
        guard status.isSuccess, let line = output.split(whereSeparator: \.isNewline).first else {
            throw .unsupported("`\(command.joined(separator: " ")) --version` ended with \(status)")
        }
        return String(line)
    }

    private static let keptBytes = 1 << 18

    /// Runs the compiler and gives back the beginning of what it wrote to standard error, or to standard output.
    private func run(
        _ arguments: [String], scratch: String?, readsOutput: Bool = false
    ) async throws(RPCError) -> (TerminationStatus, String) {
        let program = command[0]
        // The parser of its errors reads English.
        var environment: [Environment.Key: String?] = ["LC_ALL": "C"]
        if let scratch { environment["TMPDIR"] = scratch }
        let configuration = Configuration(
            executable: program.contains("/") ? .path(.init(program)) : .name(program),
            arguments: Arguments(Array(command.dropFirst()) + arguments), environment: .inherit.updating(environment))
        do {
            if readsOutput {
                let result = try await Subprocess.run(
                    configuration, input: .none, output: .sequence, error: .discarded
                ) { try await Self.beginning(of: $0.standardOutput) }
                return (result.terminationStatus, result.closureResult)
            }
            let result = try await Subprocess.run(
                configuration, input: .none, output: .discarded, error: .sequence
            ) { try await Self.beginning(of: $0.standardError) }
            return (result.terminationStatus, result.closureResult)
        } catch {
            throw .unsupported("the compiler `\(command.joined(separator: " "))` cannot be run: \(error)")
        }
    }

    private static func beginning(of output: SubprocessOutputSequence) async throws -> String {
        var kept: [UInt8] = []
        for try await chunk in output where kept.count < keptBytes { chunk.withBytes { kept += $0 } }
        return String(decoding: kept, as: UTF8.self)
    }
}
