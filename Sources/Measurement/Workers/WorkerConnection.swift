import Subprocess

/// The calling side's end of one running worker: one call at a time.
final class WorkerConnection {
    /// What a single line was, or how waiting for it ended.
    enum Reply {
        case line([UInt8])
        case timedOut
        case endOfOutput
        case notUnderstood(String)
    }

    /// No message of the protocol comes near this; what does is not the protocol.
    private static let mostBytesOfLine = 256 << 20

    private let writer: StandardInputWriter
    private var chunks: SubprocessOutputSequence.AsyncIterator
    private var splitter = LineSplitter()
    private var lastID = 0
    /// Whether the worker's output ended without our doing.
    private(set) var hasLostOutput = false
    private let kill: @Sendable () -> Void
    private let tail: StandardErrorTail

    init(
        writer: StandardInputWriter, output: SubprocessOutputSequence, tail: StandardErrorTail,
        kill: @escaping @Sendable () -> Void
    ) {
        self.writer = writer
        self.chunks = output.makeAsyncIterator()
        self.tail = tail
        self.kill = kill
    }

    /// Sends a request and waits for its response line; the process group is killed when nothing is heard for too long.
    func exchange(silenceLimit seconds: Double, request: (_ id: Int) throws -> [UInt8]) async -> Reply {
        lastID += 1
        let id = lastID
        let line: [UInt8]
        do { line = try request(id) } catch { return .notUnderstood("the request cannot be written: \(error)") }
        // What a program says before it is asked anything is most likely why it cannot answer.
        if id > 1 { tail.clear() }
        let limit = SilenceLimit(seconds: seconds)
        return await withTaskGroup(of: Void.self) { group in
            let kill = self.kill
            group.addTask { await limit.enforce(kill) }
            defer { group.cancelAll() }
            // A worker that has gone does not make writing fail; the end of its output tells.
            _ = try? await writer.write(line)
            return await response(to: id, limit: limit)
        }
    }

    private func response(to id: Int, limit: SilenceLimit) async -> Reply {
        while true {
            while let line = splitter.next() {
                // Launchers greet and scripts print; only objects are messages.
                guard line.first == UInt8(ascii: "{"), let head = try? JSONRPC.decode(JSONRPC.Head.self, from: line)
                else {
                    tail.append(line: line)
                    continue
                }
                if head.method != nil {
                    limit.heard()
                } else if head.id == id {
                    return .line(line)
                } else {
                    return .notUnderstood("a response to request \(head.id ?? -1) came, \(id) was under way")
                }
            }
            guard splitter.rest.count < Self.mostBytesOfLine else {
                return .notUnderstood("a line longer than \(Self.mostBytesOfLine >> 20) MiB")
            }
            guard let chunk = try? await chunks.next() else {
                hasLostOutput = !limit.hasPassed && !Task.isCancelled
                return limit.hasPassed ? .timedOut : .endOfOutput
            }
            chunk.withBytes { splitter.append($0) }
        }
    }
}
