import Foundation
import Synchronization
import SystemPackage

#if canImport(Musl)
import Musl
#elseif canImport(Glibc)
import Glibc
#endif

/// A worker's end of the protocol, on descriptors that nothing else in the process, nor any child, knows.
///
/// Its input is read on a thread of its own, because the end of the input has to be seen while a kernel runs.
final class WorkerChannel: Sendable {
    private let input: FileDescriptor
    private let output: FileDescriptor
    private let unanswered = Atomic(0)
    private let owner = getpid()

    private init(input: FileDescriptor, output: FileDescriptor) {
        self.input = input
        self.output = output
    }

    /// Takes the protocol away from standard input and output; nil when the system refuses.
    static func claim() -> WorkerChannel? {
        let input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        guard input >= 0, output >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0,
            let nothing = try? FileDescriptor.open(FilePath("/dev/null"), .readOnly),
            dup2(nothing.rawValue, STDIN_FILENO) >= 0
        else { return nil }
        try? nothing.close()
        return WorkerChannel(input: FileDescriptor(rawValue: input), output: FileDescriptor(rawValue: output))
    }

    /// The lines that come in, until the input ends.
    func requests() -> AsyncStream<[UInt8]> {
        let (lines, continuation) = AsyncStream<[UInt8]>.makeStream()
        Thread.detachNewThread { [self] in
            var splitter = LineSplitter()
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = unsafe chunk.withUnsafeMutableBytes { bytes in
                    unsafe (try? input.read(into: bytes)) ?? 0
                }
                guard count > 0 else { break }
                splitter.append(chunk[..<count])
                while let line = splitter.next() {
                    unanswered.add(1, ordering: .relaxed)
                    continuation.yield(line)
                }
            }
            if unanswered.load(ordering: .relaxed) > 0 { WorkerSignals.abandonWork() }
            continuation.finish()
        }
        return lines
    }

    func finishedRequest() {
        unanswered.subtract(1, ordering: .relaxed)
    }

    /// False when the caller has gone. A process that a kernel forked off, and that came back out of the kernel, ends here.
    func write(_ line: [UInt8]) -> Bool {
        guard getpid() == owner else { _exit(0) }
        return (try? output.writeAll(line)) != nil
    }
}
