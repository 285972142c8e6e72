import ConfigSpace
import Foundation
import KernelSpec
import Testing

@testable import Measurement

@Suite("The worker program")
struct WorkerProgramTests {
    @Test("methods it does not have, and calls before open, are refused")
    func refusals() async throws {
        let (replies, _) = try await WorkerProcess.run(TestKernel.workerCommand) { worker in
            var replies: [RPCError?] = []
            for method in ["evaluate", "open"] {
                let reply = await worker.exchange(silenceLimit: 60) {
                    Array("{\"jsonrpc\":\"2.0\",\"id\":\($0),\"method\":\"\(method)\",\"params\":{}}\n".utf8)
                }
                guard case .line(let line) = reply else { return replies }
                let response = try? JSONRPC.decode(JSONRPC.Response<CloseMethod.Result>.self, from: line)
                replies.append(response?.error)
            }
            return replies
        }
        #expect(replies.map { $0?.code } == [RPCError.invalidParamsCode, RPCError.invalidParamsCode])
        #expect(replies.first??.message == "evaluate before open")
    }

    @Test("a worker whose input ends while it works ends too")
    func endOfInput() async throws {
        let folder = try TemporaryFolder()
        let kernel = try TestKernel(
            """
            #if __INCLUDE_LEVEL__ < 150
            #include __FILE__
            #include __FILE__
            #endif
            """, variants: ["compiles_for_ever"])
        let open = OpenMethod.Params(
            role: .compile, target: Target(kernel.spec), artifactFolder: "\(folder.path)/artifacts", reference: nil)
        let compile = CompileMethod.Params(
            config: kernel.spec.configSpace.defaultConfig, macros: [], artifactName: "a", limitSeconds: 60)
        // What is between caller and worker hands on two requests and goes, as a connection that breaks.
        let words = TestKernel.workerCommand.map { "'\($0)'" }.joined(separator: " ")
        let (reply, end) = try await WorkerProcess.run(["sh", "-c", "head -n 2 | \(words)"]) { worker in
            _ = await worker.exchange(silenceLimit: 60) {
                try JSONRPC.encode(JSONRPC.Request(id: $0, method: OpenMethod.name, params: open))
                    + JSONRPC.encode(JSONRPC.Request(id: $0 + 1, method: CompileMethod.name, params: compile))
            }
            return await worker.exchange(silenceLimit: 60) { _ in [] }
        }
        guard case .endOfOutput = reply else {
            Issue.record("the worker did not end")
            return
        }
        #expect(end.status == .exited(0))
    }
}
