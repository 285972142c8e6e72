import KernelSpec

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// C and C++ kernels on this machine's processor: compiled into shared objects in one worker, loaded and called in another.
final class CPUBackend: WorkerBackend {
    private let target: Target
    private let compiler: CCompiler
    private var folder = ""
    private var entryFile = ""
    private var timing: CPUTiming?

    init(target: Target) {
        self.target = target
        self.compiler = CCompiler(target: target)
    }

    func open(_ params: OpenMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> OpenMethod.Result {
        var arguments: [Argument] = []
        for argument in target.arguments { arguments.append(try argument.argument()) }
        folder = params.artifactFolder
        do { try ArtifactFolder.make(folder) } catch { throw .unsupported(error.message) }
        switch params.role {
        case .compile:
            WorkerSignals.stepBack()
            let version = try await compiler.version()
            entryFile = try EntryPoint(target: target, arguments: arguments).write(in: folder)
            return OpenMethod.Result(device: CPUDescription.current(compiler: version), referenceSeconds: nil)
        case .timing:
            let timing = try CPUTiming(
                arguments: arguments, verification: target.verification, referenceArtifact: params.reference,
                heartbeat: heartbeat)
            self.timing = timing
            return OpenMethod.Result(
                device: CPUDescription.current(compiler: nil), referenceSeconds: timing.referenceSeconds)
        }
    }

    func compile(_ params: CompileMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> CompileMethod.Result {
        guard !entryFile.isEmpty else { throw .invalidParams("compile in a worker that was opened for timing") }
        let start = MonotonicClock.nanoseconds()
        let artifact = "\(folder)/\(params.artifactName).so"
        let reason = try await compiler.compile(
            macros: params.macros, entryFile: entryFile, output: artifact, scratch: folder)
        return CompileMethod.Result(
            artifact: reason == nil ? artifact : nil, reason: reason, resources: nil,
            seconds: MonotonicClock.seconds(since: start))
    }

    func evaluate(_ params: EvaluateMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> EvaluateMethod.Result
    {
        guard let timing else { throw .invalidParams("evaluate in a worker that was opened for compiling") }
        var result = try timing.evaluate(params, heartbeat: heartbeat)
        result.isSpoiled = ChildProcesses.areLeft
        return result
    }

    func retime(_ params: RetimeMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> RetimeMethod.Result {
        guard let timing else { throw .invalidParams("retime in a worker that was opened for compiling") }
        return try timing.retime(params, heartbeat: heartbeat)
    }

    func close(_ params: CloseMethod.Params) async throws(RPCError) -> CloseMethod.Result {
        timing = nil
        if params.removesArtifacts { ArtifactFolder.remove(folder) }
        return CloseMethod.Result()
    }
}

/// What kernels left running: they would take time from the next one.
private enum ChildProcesses {
    static var areLeft: Bool {
        while true {
            let child = waitpid(-1, nil, WNOHANG)
            if child <= 0 { return child == 0 }
        }
    }
}

extension EntryPoint {
    /// Writes the file into `folder`, under a name of this process's own, and gives back its path.
    fileprivate func write(in folder: String) throws(RPCError) -> String {
        let own = "\(folder)/entry-\(getpid())"
        do { try ArtifactFolder.make(own) } catch { throw .unsupported(error.message) }
        let path = "\(own)/\(fileName)"
        try ArtifactFolder.write(try text(), to: path)
        return path
    }
}
