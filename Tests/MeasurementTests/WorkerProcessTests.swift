import Foundation
import Synchronization
import Testing

@testable import Measurement

@Suite("Worker processes")
struct WorkerProcessTests {
    private func run(
        _ script: String, silenceLimit: Double = 60
    ) async throws -> (WorkerConnection.Reply, WorkerEnd) {
        try await WorkerProcess.run(["sh", "-c", script]) { worker in
            await worker.exchange(silenceLimit: silenceLimit) { Array("{\"id\":\($0),\"method\":\"m\"}\n".utf8) }
        }
    }

    @Test("a response of megabytes arrives whole")
    func longLine() async throws {
        let (reply, _) = try await run(
            #"read request; printf '{"id":1,"result":"'; head -c 8000000 /dev/zero | tr '\0' 'x'; printf '"}\n'"#)
        guard case .line(let line) = reply else {
            Issue.record("no line came")
            return
        }
        #expect(line.count == 8_000_020)
    }

    @Test("what a launcher prints before the first message is no message")
    func banner() async throws {
        let (reply, end) = try await run(
            #"echo 'Welcome to host 7'; echo; read request; echo '{"method":"progress"}'; echo '{"id":1,"result":{}}'"#)
        guard case .line(let line) = reply else {
            Issue.record("no line came")
            return
        }
        #expect(String(decoding: line, as: UTF8.self) == #"{"id":1,"result":{}}"#)
        #expect(end.lastLine == "Welcome to host 7")
    }

    @Test("an exit is told by its status, with the last words")
    func exits() async throws {
        let (reply, end) = try await run("read request; echo 'no such device' >&2; exit 7")
        guard case .endOfOutput = reply else {
            Issue.record("the output did not end")
            return
        }
        #expect(end.description == "exited with status 7; its last words: no such device")
    }

    @Test("a signal is told by its number and name")
    func signals() async throws {
        let (_, end) = try await run("read request; kill -SEGV $$")
        #expect(end.description == "killed by signal 11 (SIGSEGV)")
    }

    @Test("a worker that is silent too long is killed, with what it started")
    func silence() async throws {
        let folder = try TemporaryFolder()
        let (reply, end) = try await run(
            "echo $$ > \(folder.path)/group; sleep 1000 & sleep 1000", silenceLimit: 0.3)
        guard case .timedOut = reply else {
            Issue.record("the limit did not end the call")
            return
        }
        #expect(end.status == .signalled(9))
        try await expectGroupIsGone(folder)
    }

    @Test("signs of life keep a call going past its limit")
    func signsOfLife() async throws {
        let (reply, _) = try await run(
            #"read request; for i in 1 2 3 4 5 6; do sleep 0.2; echo '{"method":"progress"}'; done; echo '{"id":1}'"#,
            silenceLimit: 1)
        guard case .line = reply else {
            Issue.record("the call ended without its response")
            return
        }
    }

    @Test("what a worker started ends with it, even if the worker is done")
    func grandchildren() async throws {
        let folder = try TemporaryFolder()
        let (reply, _) = try await run(
            #"echo $$ > \#(folder.path)/group; sleep 1000 & read request; echo '{"id":1}'; exit 0"#)
        guard case .line = reply else {
            Issue.record("no line came")
            return
        }
        try await expectGroupIsGone(folder)
    }

    @Test("a program that is not there is an error that names it")
    func missing() async throws {
        await #expect(throws: (any Error).self) {
            try await WorkerProcess.run(["/no/such/program"]) { _ in }
        }
    }

    @Test("a cancelled task ends its worker at once")
    func cancellation() async throws {
        let folder = try TemporaryFolder()
        let script = #"echo $$ > \#(folder.path)/group; echo '{"method":"progress"}'; sleep 1000"#
        let task = Task { try await run(script, silenceLimit: 1_000) }
        while !FileManager.default.fileExists(atPath: "\(folder.path)/group") { await Task.yield() }
        task.cancel()
        _ = try? await task.value
        try await expectGroupIsGone(folder)
    }
}

/// Checks that no process of the group whose number lies in the folder's file "group" is left.
func expectGroupIsGone(_ folder: TemporaryFolder) async throws {
    let text = try String(contentsOfFile: "\(folder.path)/group", encoding: .utf8)
    let group = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // A killed process stays in its group until its parent, or init, has waited for it.
    let deadline = ContinuousClock.now + .seconds(20)
    while kill(-group, 0) == 0, ContinuousClock.now < deadline { await Task.yield() }
    #expect(kill(-group, 0) == -1 && errno == ESRCH)
}
