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

    /// - Parameter pieces: Gets the output as it comes, and is finished when there is no more.
    func run(
        input: [UInt8], limit: Duration, pieces: AsyncStream<[UInt8]>.Continuation? = nil
    ) async -> Ending {
        let group = ProcessGroup()
        defer { pieces?.finish() }
        return await withTaskGroup(of: Ending.self) { tasks in
            tasks.addTask { await launch(input: input, pieces: pieces, group: group) }
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

    private func launch(
        input: [UInt8], pieces: AsyncStream<[UInt8]>.Continuation?, group: ProcessGroup
    ) async -> Ending {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        let program = command.first ?? ""
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(Array(command.dropFirst())),
                environment: .custom(variables),
                platformOptions: options, input: .inputWriter, output: .sequence,
                error: .bytes(limit: outputLimitBytes)
            ) { execution in
                group.lead(execution.processIdentifier.value)
                let writer = execution.standardInputWriter
                // Beside reading, or both sides could wait for the other; a program may answer without reading its input
                // to the end.
                async let writing: Void = {
                    _ = try? await writer.write(input)
                    try? await writer.finish()
                }()
                var output: [UInt8] = []
                for try await chunk in execution.standardOutput {
                    let piece = chunk.array
                    guard output.count + piece.count <= outputLimitBytes else { throw TooMuch() }
                    output += piece
                    pieces?.yield(piece)
                }
                await writing
                return output
            }
            return switch result.terminationStatus {
            case .exited(let code): .exited(code, output: result.closureResult, log: result.standardError)
            case .signaled(let signal): .killed(signal: signal, log: result.standardError)
            }
        } catch is TooMuch {
            return .tooMuch(limitBytes: outputLimitBytes)
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            return .tooMuch(limitBytes: outputLimitBytes)
        } catch is CancellationError {
            return .cancelled
        } catch {
            return .notStarted("\(error)")
        }
    }
}

private struct TooMuch: Error {}

extension SubprocessOutputSequence.Buffer {
    /// The bytes; a chunk is at most as large as a pipe.
    fileprivate var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
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
