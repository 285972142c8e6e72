import ConfigSpace
import Foundation
import KernelSpec
import Testing

@testable import Measurement

/// The worker for kernels in Python, run by an interpreter that needs no packages for what is asked here.
@Suite("The worker program in Python")
struct PythonWorkerProgramTests {
    private let folder: TemporaryFolder
    private let command: [String]

    init() throws {
        folder = try TemporaryFolder()
        // Without site packages, so that what this machine has installed plays no part.
        command = ["python3", "-S", try PythonWorker.install(environment: ["XDG_CACHE_HOME": folder.path])]
    }

    private func errors(of requests: [String]) async throws -> [RPCError?] {
        let (errors, _) = try await WorkerProcess.run(command) { worker in
            var errors: [RPCError?] = []
            for request in requests {
                let reply = await worker.exchange(silenceLimit: 60) {
                    Array("{\"jsonrpc\":\"2.0\",\"id\":\($0),\(request)}\n".utf8)
                }
                guard case .line(let line) = reply else { return errors }
                errors.append(try? JSONRPC.decode(JSONRPC.Response<CloseMethod.Result>.self, from: line).error)
            }
            return errors
        }
        return errors
    }

    private func open(_ language: Language) throws -> String {
        let spec = KernelSpec.of(try ConfigSpace(parameters: [], constraints: []), language: language)
        let params = OpenMethod.Params(
            role: .compile, target: Target(spec), artifactFolder: "\(folder.path)/artifacts", reference: nil)
        return "\"method\":\"open\",\"params\":\(String(decoding: try JSONEncoder().encode(params), as: UTF8.self))"
    }

    @Test("calls before open are refused, and the worker goes on")
    func beforeOpen() async throws {
        let errors = try await errors(
            of: ["compile", "evaluate", "retime"].map { "\"method\":\"\($0)\",\"params\":{}" })
        #expect(errors.map { $0?.code } == Array(repeating: RPCError.invalidParamsCode, count: 3))
        #expect(errors.map { $0?.message } == ["compile before open", "evaluate before open", "retime before open"])
    }

    @Test(
        "without PyTorch opening fails for good, with the interpreter and what to do",
        arguments: [Language.helion, .triton])
    func withoutTorch(language: Language) async throws {
        let error = try #require(try await errors(of: [try open(language)]).first ?? nil)
        #expect(error.code == RPCError.unsupportedCode)
        #expect(error.message.hasPrefix("language \"\(language.rawValue)\" needs torch, which /"))
        #expect(
            error.message.hasSuffix(
                " install it there (pip install torch), or choose another interpreter with --python"))
    }

    @Test("a line that is no request is answered all the same")
    func noRequest() async throws {
        let (reply, _) = try await WorkerProcess.run(command) { worker in
            await worker.exchange(silenceLimit: 60) { _ in Array("nonsense\n".utf8) }
        }
        guard case .notUnderstood(let what) = reply else {
            Issue.record("no answer came")
            return
        }
        #expect(what == "a response to request -1 came, 1 was under way")
    }

    @Test("a worker whose input ends while it works ends too, with all of its group")
    func endOfInput() async throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/packages/torch", withIntermediateDirectories: true)
        _ = try folder.write("import signal\nsignal.pause()\n", to: "packages/torch/__init__.py")
        // What is between caller and worker hands on one request and goes, as a connection that breaks.
        let words = (["env", "PYTHONPATH=\(folder.path)/packages"] + command).map { "'\($0)'" }.joined(separator: " ")
        let open = try open(.helion)
        let (reply, end) = try await WorkerProcess.run(["sh", "-c", "head -n 1 | \(words)"]) { worker in
            await worker.exchange(silenceLimit: 60) { Array("{\"jsonrpc\":\"2.0\",\"id\":\($0),\(open)}\n".utf8) }
        }
        guard case .endOfOutput = reply else {
            Issue.record("the worker did not end")
            return
        }
        #expect(end.status == .signalled(9))
    }

    @Test("the program is written once, whole, and found again")
    func installedOnce() throws {
        let environment = ["XDG_CACHE_HOME": folder.path]
        let path = try PythonWorker.install(environment: environment)
        #expect(path == command[2] && path.hasPrefix("\(folder.path)/autotune/python/"))
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/autotune/python")
        #expect(files.count == 1)
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Measurement/Python/Worker").path
        let written = try FileManager.default.contentsOfDirectory(atPath: "\(path)/autotune_worker")
        #expect(
            Set(written)
                == Set(try FileManager.default.contentsOfDirectory(atPath: sources).filter { $0.hasSuffix(".py") }))
    }

    @Test("where it cannot be written is told, and where else it could be")
    func notWritable() throws {
        let file = try folder.write("", to: "file")
        let error = #expect(throws: MeasurementError.self) {
            try PythonWorker.install(environment: ["XDG_CACHE_HOME": file])
        }
        #expect(error?.kind == .noWorkingSpace)
        #expect(
            error?.message.hasPrefix("the worker for Python could not be written to \(file)/autotune/python/") == true)
    }
}
