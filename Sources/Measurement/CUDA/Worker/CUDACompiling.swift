import KernelSpec

/// The compile worker's side of the CUDA backend.
struct CUDACompiling {
    let target: Target
    let compiler: CUDACompiler
    let architecture: String
    /// Of the session's artifacts.
    let folder: String

    func compile(_ params: CompileMethod.Params) async throws(RPCError) -> CompileMethod.Result {
        guard let launch = params.launch else { throw .unsupported("the kernel file gives no launch") }
        let start = MonotonicClock.nanoseconds()
        var result = CompileMethod.Result(artifact: nil, reason: nil, resources: nil, seconds: 0)
        do throws(CUDACompileError) {
            let artifact = try await compiler.compile(program(params.macros), scratch: folder)
            let path = "\(folder)/\(params.artifactName).kernel"
            var resources = artifact.resources(of: target.function)
            let fixed = resources.sharedMemoryBytes ?? 0
            // What is too much is told when it is launched, not by an overflow here.
            let (shared, overflow) = fixed.addingReportingOverflow(launch.sharedMemoryBytes)
            resources.sharedMemoryBytes = overflow ? nil : shared
            result.artifact = path
            result.resources = resources
            try write(CUDAKernelFile(launch: launch, artifact: artifact), to: path)
        } catch .source(let reason) {
            result.reason = reason
        } catch {
            throw .unsupported(error.description)
        }
        result.seconds = MonotonicClock.seconds(since: start)
        return result
    }

    private func write(_ file: CUDAKernelFile, to path: String) throws(CUDACompileError) {
        do throws(RPCError) { try ArtifactFolder.write(try file.encoded(), to: path) } catch {
            throw .unusable(error.message)
        }
    }

    func program(_ macros: [String]) -> CUDAProgram {
        var others = target.arguments.compactMap { argument in argument.symbol.map { "&\($0)" } }
        if case .function(let reference) = target.verification.against { others.append(reference) }
        return CUDAProgram(
            source: target.source, function: target.function, otherNames: others, options: target.compilerOptions,
            includePaths: target.includePaths, macros: macros, architecture: architecture)
    }
}
