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
            return await withTaskGroup(of: Void.self) { group in
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
                // The process has not been waited for yet, so its number cannot have passed to another.
                killGroup()
                await group.waitForAll()
                return value
            }
        }
        return (result.closureResult, WorkerEnd(status: status(result.terminationStatus), lastLine: tail.lastLine))
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
