/// The worker program: serves the worker protocol on standard input and output until its input ends.
public enum WorkerMain {
    /// Runs a worker on this process's standard input and output; call it from the main thread, which then runs the kernels.
    ///
    /// From here on file descriptor 1 is standard error and 0 reads nothing, so that kernels and scripts that print or
    /// read do the protocol no harm. When the input ends while a request is worked on, the caller has gone: the worker
    /// ends at once, and its process group with it.
    ///
    /// - Returns: the status to exit with.
    public static func run() async -> Int32 {
        WorkerSignals.reset()
        guard let channel = WorkerChannel.claim() else { return 71 }
        var backend: (any WorkerBackend)?
        for await line in channel.requests() {
            let answer = await response(to: line, backend: &backend, channel: channel)
            guard channel.write(answer) else { return 0 }
            channel.finishedRequest()
        }
        return 0
    }

    private static func response(
        to line: [UInt8], backend: inout (any WorkerBackend)?, channel: WorkerChannel
    ) async -> [UInt8] {
        guard let head = try? JSONRPC.decode(JSONRPC.Head.self, from: line), let method = head.method else {
            let error = RPCError(code: RPCError.parseErrorCode, message: "this is no JSON-RPC request")
            return encode(JSONRPC.Response<CloseMethod.Result>(error: error))
        }
        let id = head.id ?? 0
        let heartbeat = Heartbeat {
            let progress = JSONRPC.Request(
                id: nil, method: ProgressNotification.name, params: ProgressNotification.Params(id: id))
            _ = channel.write(encode(progress))
        }
        if method == OpenMethod.name {
            return await answer(OpenMethod.self, to: line, id) { params throws(RPCError) in
                let opened = try makeBackend(params.target)
                let result = try await opened.open(params, heartbeat: heartbeat)
                backend = opened
                return result
            }
        }
        guard let backend else {
            let error = RPCError.invalidParams("\(method) before open")
            return encode(JSONRPC.Response<CloseMethod.Result>(id: id, error: error))
        }
        switch method {
        case CompileMethod.name:
            return await answer(CompileMethod.self, to: line, id) { params throws(RPCError) in
                try await backend.compile(params, heartbeat: heartbeat)
            }
        case EvaluateMethod.name:
            return await answer(EvaluateMethod.self, to: line, id) { params throws(RPCError) in
                try await backend.evaluate(params, heartbeat: heartbeat)
            }
        case RetimeMethod.name:
            return await answer(RetimeMethod.self, to: line, id) { params throws(RPCError) in
                try await backend.retime(params, heartbeat: heartbeat)
            }
        case CloseMethod.name:
            return await answer(CloseMethod.self, to: line, id) { params throws(RPCError) in
                try await backend.close(params)
            }
        default:
            let error = RPCError(code: RPCError.methodNotFoundCode, message: "there is no method \(method)")
            return encode(JSONRPC.Response<CloseMethod.Result>(id: id, error: error))
        }
    }

    private static func answer<Method: WorkerMethod>(
        _ method: Method.Type, to line: [UInt8], _ id: Int,
        with body: (Method.Params) async throws(RPCError) -> Method.Result
    ) async -> [UInt8] {
        let params: Method.Params
        do {
            params = try JSONRPC.decode(JSONRPC.Request<Method.Params>.self, from: line).params
        } catch {
            return encode(JSONRPC.Response<Method.Result>(id: id, error: .invalidParams("\(method.name): \(error)")))
        }
        do {
            return encode(JSONRPC.Response<Method.Result>(id: id, result: try await body(params)))
        } catch {
            return encode(JSONRPC.Response<Method.Result>(id: id, error: error))
        }
    }

    private static func encode(_ message: some Encodable) -> [UInt8] {
        // Only a number that JSON cannot say (an infinite time) keeps a message of ours from being written.
        (try? JSONRPC.encode(message))
            ?? Array("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32603,\"message\":\"no such number in JSON\"}}\n".utf8)
    }

    private static func makeBackend(_ target: Target) throws(RPCError) -> any WorkerBackend {
        switch target.language {
        case "c", "c++": return CPUBackend(target: target)
        case "cuda": return CUDABackend(target: target)
        default: throw .unsupported("this worker does not run kernels in \"\(target.language)\"")
        }
    }
}
