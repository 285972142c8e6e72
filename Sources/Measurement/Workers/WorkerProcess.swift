import Subprocess
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Worker processes: how they are started, and that nothing of them is left behind.
enum WorkerProcess {
    /// Runs `command` for as long as `body` takes, as the leader of its own session and process group.
    ///
    /// The whole group is killed when `body` returns, when the surrounding task is cancelled, and by the connection when
    /// a call hears nothing for too long: what a worker has started goes with it.
    ///
    /// - Returns: what `body` returned, and how the process ended (by our own kill, if nothing else ended it before).
    ///   A process whose output has ended is given a moment to end by itself, so that its own end is told.
    static func run<Value: Sendable>(
        _ command: [String], body: (WorkerConnection) async -> Value
    ) async throws -> (Value, WorkerEnd) {
        let tail = StandardErrorTail()
        let result = try await Subprocess.run(
            configuration(command), input: .inputWriter, output: .sequence, error: .sequence
        ) { execution in
            let killGroup: @Sendable () -> Void = {
                try? execution.send(signal: .kill, toProcessGroup: true)
            }
            return await withTaskGroup(of: Void.self, returning: (Value, hasEnded: Bool).self) { group in
                group.addTask {
                    do {
                        for try await chunk in execution.standardError { chunk.withBytes { tail.append($0) } }
                    } catch {
                        // The pipe broke with the process; what was read before stands.
                    }
                }
                let connection = WorkerConnection(
                    writer: execution.standardInputWriter, output: execution.standardOutput, tail: tail,
                    kill: killGroup)
                let value = await body(connection)
                let hasEnded =
                    connection.hasLostOutput ? await ends(execution.processIdentifier.value, within: endLimit) : true
                // The process has not been waited for yet, so its number cannot have passed to another.
                killGroup()
                await group.waitForAll()
                return (value, hasEnded)
            }
        }
        let (value, hasEnded) = result.closureResult
        let how = hasEnded ? status(result.terminationStatus) : .closedOutput
        return (value, WorkerEnd(status: how, lastLine: tail.lastLine))
    }

    /// How long a process whose output has ended may take to end itself.
    private static let endLimit = Duration.seconds(2)

    /// Whether the process ends in time; it is left to be waited for.
    private static func ends(_ process: pid_t, within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            var info = unsafe siginfo_t()
            let result = unsafe waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT)
            if unsafe result != 0 || info.si_signo != 0 { return true }
            guard ContinuousClock.now < deadline else { return false }
            do { try await Task.sleep(for: .milliseconds(2)) } catch { return true }
        }
    }

    /// Children die without a word when their reader is gone; this program is told by the write instead.
    static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    private static func configuration(_ command: [String]) -> Configuration {
        let program = command.first ?? ""
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
        ]
        return Configuration(
            executable: program.contains("/") ? .path(.init(program)) : .name(program),
            arguments: Arguments(Array(command.dropFirst())), platformOptions: options)
    }

    private static func status(_ status: TerminationStatus) -> WorkerEnd.Status {
        switch status {
        case .exited(let code): .exited(code)
        case .signaled(let number): .signalled(number)
        }
    }
}

extension SubprocessOutputSequence.Buffer {
    /// Hands out the bytes as an array; a chunk is at most as large as a pipe.
    func withBytes(_ body: ([UInt8]) -> Void) {
        unsafe withUnsafeBytes { unsafe body(Array($0)) }
    }
}
