import Subprocess
import Synchronization
import SystemPackage

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs one program with some input to its end, and leaves none of its processes behind.
struct ChildProgram: Sendable {
    enum Ending: Sendable {
        case exited(Int32, output: [UInt8], log: [UInt8])
        case killed(signal: Int32, log: [UInt8])
        case notStarted(String)
        case tooMuch(limitBytes: Int)
        case timedOut, cancelled
    }

    let command: [String]
    let environment: [String: String]
    /// The most it may write to stdout, and to stderr.
    let outputLimitBytes: Int

    func run(input: [UInt8], limit: Duration) async -> Ending {
        let group = ProcessGroup()
        return await withTaskGroup(of: Ending.self) { tasks in
            tasks.addTask { await launch(input: input, group: group) }
            tasks.addTask {
                // Cut short when the program has ended first.
                try? await Task.sleep(for: limit)
                return .timedOut
            }
            let first = await tasks.next() ?? .cancelled
            let isCancelled = Task.isCancelled
            // Whatever way it ended, what the program started ends with it.
            group.kill()
            tasks.cancelAll()
            return isCancelled ? .cancelled : first
        }
    }

    /// The environment without names that begin with a digit, over which the whole program would not be started.
    private var variables: [Environment.Key: String] {
        Dictionary(
            environment.filter { $0.key.first?.isNumber == false }.map {
                (Environment.Key(stringLiteral: $0.key), $0.value)
            },
            uniquingKeysWith: { first, _ in first })
    }

    private func launch(input: [UInt8], group: ProcessGroup) async -> Ending {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        let program = command.first ?? ""
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(Array(command.dropFirst())),
                environment: .custom(variables),
                platformOptions: options, input: .inputWriter, output: .bytes(limit: outputLimitBytes),
                error: .bytes(limit: outputLimitBytes)
            ) { execution in
                group.lead(execution.processIdentifier.value)
                // A program may answer without reading its input to the end.
                _ = try? await execution.standardInputWriter.write(input)
                try? await execution.standardInputWriter.finish()
            }
            return switch result.terminationStatus {
            case .exited(let code): .exited(code, output: result.standardOutput, log: result.standardError)
            case .signaled(let signal): .killed(signal: signal, log: result.standardError)
            }
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            return .tooMuch(limitBytes: outputLimitBytes)
        } catch is CancellationError {
            return .cancelled
        } catch {
            return .notStarted("\(error)")
        }
    }
}

/// The process group of a program that leads its own session.
private final class ProcessGroup: Sendable {
    private struct State {
        var leader: pid_t?
        var isKilled = false
    }

    private let state = Mutex(State())

    /// Names the group; one that was to be killed before it had a name is killed now.
    func lead(_ leader: pid_t) {
        state.withLock { state in
            state.leader = leader
            if state.isKilled { signal(leader) }
        }
    }

    /// Kills all that is left of it.
    ///
    /// Its number is free once the last member is gone, but numbers are handed out in turn: it is not another's yet.
    func kill() {
        state.withLock { state in
            state.isKilled = true
            if let leader = state.leader { signal(leader) }
        }
    }

    private func signal(_ leader: pid_t) {
        #if canImport(Darwin)
        _ = Darwin.kill(-leader, SIGKILL)
        #elseif canImport(Glibc)
        _ = Glibc.kill(-leader, SIGKILL)
        #elseif canImport(Musl)
        _ = Musl.kill(-leader, SIGKILL)
        #endif
    }
}
