import FoundationEssentials
import Subprocess
import SystemPackage

/// Compiles CUDA C++ to machine code by nvcc, for sources that NVRTC cannot take: with host code, or the host's headers.
///
/// nvcc is run as a child with an argument vector, in the caller's process group.
struct NVCCCompiler {
    /// The file that is run.
    let path: String
    /// The line of `nvcc --version` that names its release.
    let version: String
    private let cache: CubinCache?

    /// - Parameters:
    ///   - program: the spec's "compiler": `nvcc`, looked for on the path and where toolkits lie, or a path.
    ///   - cache: nil compiles every time.
    /// - Throws: `unusable`, with what was looked for.
    init(_ program: String, places: SearchPlaces, cache: CubinCache?) async throws(CUDACompileError) {
        let folders = places.programFolders
        let candidates = program.contains("/") ? [program] : folders.map { "\($0)/\(program)" }
        guard let path = candidates.first(where: FileSystem.isFile) else {
            throw .unusable("the compiler \(program) is not in \(folders.joined(separator: ", ")); give its whole path")
        }
        let told = try await Self.run(path, ["--version"])
        guard told.isSuccess, let release = told.lines.first(where: { $0.contains("release") }) else {
            throw .unusable("`\(path) --version` names no release: is this nvcc?")
        }
        self.path = path
        version = release
        self.cache = cache
    }

    /// - Parameter scratch: an existing folder for nvcc's files; it leaves some of them when it is killed.
    /// - Throws: `source` where the config or its source is at fault, `unusable` where nothing could be compiled.
    func compile(_ program: CUDAProgram, scratch: String) async throws(CUDACompileError) -> CUDACompilation {
        let files = try SourceFiles(program, headers: [])
        let arguments = try self.arguments(program)
        let key = files.fingerprint.map { self.key(arguments + program.names, $0) }
        if let key, let known = cache?.artifact(for: key) { return CUDACompilation(artifact: known, isCached: true) }

        let output = "\(scratch)/nvcc-\(ProcessInfo.processInfo.processIdentifier).cubin"
        defer { FileSystem.remove(output) }
        let told = try await Self.run(path, arguments + ["-o", output, program.source], scratch: scratch)
        guard told.isSuccess, let image = FileSystem.bytes(of: output) else {
            let reason = CUDADiagnosis(told.text, source: program.source).firstError
            throw .source(reason ?? told.lines.first ?? "nvcc failed and gave no reason")
        }
        let kernels = PtxasLog(told.text).kernels
        var symbols: [String: String] = [:]
        for name in program.names { symbols[name] = try CXXName(name).symbol(among: kernels.keys.sorted()) }
        let artifact = CUDAArtifact(image: image, symbols: symbols, kernels: kernels)
        if let key { cache?.store(artifact, for: key) }
        return CUDACompilation(artifact: artifact, isCached: false)
    }

    private func arguments(_ program: CUDAProgram) throws(CUDACompileError) -> [String] {
        if let option = program.foreignArchitecture { throw .foreignArchitecture(option) }
        let virtual = program.architecture.replacing("sm_", with: "compute_")
        return ["-cubin", "-gencode=arch=\(virtual),code=\(program.architecture)", "-Xptxas", "-v"]
            + program.arguments(headers: []).dropFirst()
    }

    private func key(_ arguments: [String], _ files: [String]) -> ContentHash {
        var hash = ContentHash()
        hash.append("cubin 1, \(path), \(version)")
        for part in [arguments, files] {
            hash.append("\(part.count)")
            for text in part { hash.append(text) }
        }
        return hash
    }

    private struct Told {
        var isSuccess: Bool
        var text: String

        var lines: [String] { text.split(whereSeparator: \.isNewline).map(String.init) }
    }

    private static let keptBytes = 1 << 20

    /// Runs nvcc and gives back the beginning of what it wrote, where ever it wrote it.
    private static func run(
        _ path: String, _ arguments: [String], scratch: String? = nil
    ) async throws(CUDACompileError) -> Told {
        // The parser of its errors reads English.
        var environment: [Environment.Key: String?] = ["LC_ALL": "C"]
        if let scratch { environment["TMPDIR"] = scratch }
        do {
            let result = try await Subprocess.run(
                .path(.init(path)), arguments: Arguments(arguments), environment: .inherit.updating(environment),
                input: .none, output: .sequence, error: .combinedWithOutput
            ) { execution in
                var kept: [UInt8] = []
                for try await chunk in execution.standardOutput where kept.count < keptBytes {
                    chunk.withBytes { kept += $0 }
                }
                return String(decoding: kept, as: UTF8.self)
            }
            return Told(isSuccess: result.terminationStatus.isSuccess, text: result.closureResult)
        } catch {
            throw .unusable("the compiler \(path) cannot be run: \(error)")
        }
    }
}

/// The name of a function or variable in C++, and what nvcc makes of it in machine code.
struct CXXName: Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    /// The kernel of this name among the symbols of the machine code; a variable's name (`&filter`) needs no looking up.
    ///
    /// - Throws: `source` where there is none or more than one, `unusable` for templates.
    func symbol(among symbols: [String]) throws(CUDACompileError) -> String {
        guard !text.contains("<") else {
            throw .unusable(
                "nvcc makes no instance of \(text): name a function that is no template, or leave \"compiler\" out")
        }
        let isVariable = text.hasPrefix("&")
        let parts = (isVariable ? text.dropFirst() : text[...]).split(separator: "::").map(String.init)
        let mangled = parts.map { "\($0.utf8.count)\($0)" }.joined()
        guard !isVariable else { return parts.count > 1 ? "_ZN\(mangled)E" : parts[0] }
        if symbols.contains(text) { return text }
        let matching = symbols.filter { $0.hasPrefix(parts.count > 1 ? "_ZN\(mangled)E" : "_Z\(mangled)") }
        guard let symbol = matching.first else { throw .source("the source has no kernel \(text)") }
        guard matching.count == 1 else { throw .source("the source has \(matching.count) kernels \(text)") }
        return symbol
    }
}
