import Foundation
import LanguageModel
import Testing

/// What a program starts must not outlive the request: each test has a pipe whose end only the program's processes hold.
@Suite("Processes of a program that is asked", .timeLimit(.minutes(1))) struct CommandGroupTests {
    /// Runs the body with the path of a named pipe, and waits until every process that opened it for writing is gone.
    private func untilAllAreGone(_ body: (_ pipe: String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try #require(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        // Opened for both, so that neither side waits for the other; then for reading alone.
        let both = open(path, O_RDWR)
        let reading = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        try await body(path)
        close(both)
        // Ends when the last writer does.
        _ = try await offPool { try reading.readToEnd() }
    }

    private let environment = ["PATH": "/usr/bin:/bin"]

    @Test("a program that hangs is killed at the total limit, with its children")
    func hanging() async throws {
        try await untilAllAreGone { pipe in
            let script = "exec 9>\(pipe); sleep 1000 & sleep 1000; wait"
            let options = ModelOptions(command: ["/bin/sh", "-c", script], timeouts: Timeouts(total: 0.3))
            let error = await ask(options, environment).error
            #expect(error?.kind == .timeout)
            #expect(error?.message.contains("0.3 s in total") == true)
        }
    }

    @Test("a child that a program leaves behind is killed, and does not hold up the reply")
    func leftBehind() async throws {
        try await untilAllAreGone { pipe in
            let script = "exec 9>\(pipe); sleep 1000 & echo done"
            let reply = try await ask(ModelOptions(command: ["/bin/sh", "-c", script]), environment).get()
            #expect(reply.text == "done\n")
        }
    }

    @Test("a program that closes its output and hangs meets the limit")
    func closedOutput() async throws {
        try await untilAllAreGone { pipe in
            let script = "exec 9>\(pipe); echo half; exec >&- 2>&-; sleep 1000"
            let options = ModelOptions(command: ["/bin/sh", "-c", script], timeouts: Timeouts(total: 0.3))
            #expect(await ask(options, environment).kind == .timeout)
        }
    }

    @Test("cancelling the task kills the program and its children")
    func cancelled() async throws {
        try await untilAllAreGone { pipe in
            // The program tells that it runs by a line in the pipe.
            let script = "exec 9>\(pipe); sleep 1000 & echo started >&9; sleep 1000"
            let options = ModelOptions(command: ["/bin/sh", "-c", script])
            let kind = await withTaskGroup(of: LanguageModelError.Kind?.self) { group in
                group.addTask { await ask(options, environment).kind }
                _ = try? await offPool { try FileHandle(forReadingFrom: URL(fileURLWithPath: pipe)).read(upToCount: 1) }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(kind == .cancelled)
        }
    }
}
