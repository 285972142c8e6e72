import Foundation
import Subprocess
import Testing

@testable import Measurement

/// The worker's own tests of the processes that configs in Python are compiled in.
@Suite("Compiling in forked processes in Python")
struct PythonCompileServerTests {
    @Test("a config that fails, crashes, hangs or has nobody waiting for it costs itself alone")
    func unitTests() async throws {
        let folder = try TemporaryFolder()
        let worker = try PythonWorker.install(environment: ["XDG_CACHE_HOME": folder.path])
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Python/compile_server_test.py").path
        // The worker's modules and those of the interpreter alone. To a file: what a failed test leaves running would hold a pipe.
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: ["-c", "exec python3 -S -W ignore \"$0\" >\"$1\" 2>&1", tests, "\(folder.path)/said"],
            environment: .inherit.updating(["PYTHONPATH": worker]), output: .discarded, error: .discarded)
        let said = try String(contentsOfFile: "\(folder.path)/said", encoding: .utf8)
        #expect(result.terminationStatus.isSuccess, "\(said)")
        #expect(said.contains("\nRan 15 tests in "))
    }
}
