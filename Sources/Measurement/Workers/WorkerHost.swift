import Synchronization

/// Keeps one worker going: starts its process when the first call comes, opens it, and replaces it when it dies, hangs or
/// is spoiled. Calls wait in line; `run` serves them.
final class WorkerHost: Sendable {
    private struct Call {
        /// Nil only asks for the worker to be started and opened.
        let request: (@Sendable (_ id: Int) throws -> [UInt8])?
        let silenceLimit: Double
        let reply = Promise<Result<[UInt8], WorkerFailure>>()
    }

    /// Why serving one process ended.
    private enum End {
        case finished
        /// Spoiled: the call goes on to the next process.
        case replaced(Call)
        /// Nil is the end of its output; how the process ended is known once it is waited for.
        case interrupted(Call, WorkerFailure?, wasFresh: Bool)
        case notOpened(Call, OpenMethod.Params, WorkerFailure?)
        /// What `open` needs is not to be had.
        case notAsked(Call, MeasurementError)
    }

    private struct State {
        var isSpoiled = false
        var opened: OpenMethod.Result?
        var current: Call?
    }

    private let command: [String]
    private let openLimit: Double
    private let removesArtifacts: Bool
    private let openParams: @Sendable () async -> Result<OpenMethod.Params, MeasurementError>
    private let calls = JobQueue<Call>()
    private let state = Mutex(State())
    private static let closeLimitSeconds = 2.0

    /// - Parameters:
    ///   - command: the launcher prefix, then the worker's program and arguments.
    ///   - openLimit: seconds without a sign of life while the worker opens.
    ///   - removesArtifacts: whether the worker removes the session's artifacts where it runs, when it is closed.
    ///   - openParams: asked for at each start of a process.
    init(
        command: [String], openLimit: Double, removesArtifacts: Bool,
        openParams: @escaping @Sendable () async -> Result<OpenMethod.Params, MeasurementError>
    ) {
        self.command = command
        self.openLimit = openLimit
        self.removesArtifacts = removesArtifacts
        self.openParams = openParams
    }

    /// What the worker said when it was opened last; it is started and opened if it never was.
    func opened() async throws(WorkerFailure) -> OpenMethod.Result {
        if let opened = state.withLock({ $0.opened }) { return opened }
        _ = try await send(Call(request: nil, silenceLimit: openLimit))
        guard let opened = state.withLock({ $0.opened }) else { throw .cancelled }
        return opened
    }

    /// - Parameter silenceLimit: seconds without a sign of life until the process group is killed.
    func call<Method: WorkerMethod>(
        _ method: Method.Type, _ params: Method.Params, silenceLimit: Double
    ) async throws(WorkerFailure) -> Method.Result {
        let name = Method.name
        let line = try await send(
            Call(
                request: { try JSONRPC.encode(JSONRPC.Request(id: $0, method: name, params: params)) },
                silenceLimit: silenceLimit))
        do {
            return try Self.result(of: method, in: line)
        } catch {
            // Whatever wrote that, the true response may still come, and must not meet the next call.
            if case .notUnderstood = error { spoil() }
            throw error
        }
    }

    /// Whether a call is under way.
    var isBusy: Bool { state.withLock { $0.current != nil } }

    /// The process is replaced before the next call.
    func spoil() {
        state.withLock { $0.isSpoiled = true }
    }

    /// Replaces the process now, and waits until the next one is open.
    func replace() async throws(WorkerFailure) {
        spoil()
        _ = try await send(Call(request: nil, silenceLimit: openLimit))
    }

    /// Ends `run` once the call under way has its reply.
    func finish() {
        for call in calls.finish() { call.reply.keep(.failure(.cancelled)) }
    }

    /// Serves calls until `finish`; when the surrounding task is cancelled, calls fail at once.
    func run() async {
        var carried: Call?
        while let call = await next(after: &carried) {
            if Task.isCancelled {
                call.reply.keep(.failure(.cancelled))
            } else {
                carried = await serve(from: call)
            }
        }
    }

    private func send(_ call: Call) async throws(WorkerFailure) -> [UInt8] {
        guard calls.push(call) else { throw .cancelled }
        return try await call.reply.value.get()
    }

    private func keep(_ call: Call, _ result: Result<[UInt8], WorkerFailure>) {
        state.withLock { $0.current = nil }
        call.reply.keep(result)
    }

    private func next(after carried: inout Call?) async -> Call? {
        if let call = carried {
            carried = nil
            return call
        }
        return await calls.next()
    }

    /// Starts a process for `first` and serves calls with it until it ends; gives back a call for the next process.
    private func serve(from first: Call) async -> Call? {
        state.withLock { $0.current = first }
        do {
            let (end, how) = try await WorkerProcess.run(command) { await self.serve(from: first, by: $0) }
            switch end {
            case .finished: return nil
            case .replaced(let call): return call
            case .interrupted(let call, let failure, let wasFresh):
                keep(call, .failure(failure ?? .ended(how, wasFresh: wasFresh)))
            case .notOpened(let call, let params, let failure):
                let error = (failure ?? .ended(how, wasFresh: true)).whileOpening(command, params)
                keep(call, .failure(.unusable(error)))
            case .notAsked(let call, let error):
                keep(call, .failure(.unusable(error)))
            }
        } catch {
            let failure: WorkerFailure =
                Task.isCancelled ? .cancelled : .unusable(.workerNotStarted(command, "\(error)"))
            if let call = state.withLock({ $0.current }) { keep(call, .failure(failure)) }
        }
        return nil
    }

    private func serve(from first: Call, by worker: WorkerConnection) async -> End {
        switch await openParams() {
        case .failure(let error): return .notAsked(first, error)
        case .success(let params):
            switch await open(worker, params) {
            case .failure(let failure): return .notOpened(first, params, failure)
            case .success(nil): return .notOpened(first, params, nil)
            case .success(let opened?): state.withLock { ($0.opened, $0.isSpoiled) = (opened, false) }
            }
        }
        var carried: Call? = first
        var isFresh = true
        while let call = await next(after: &carried) {
            state.withLock { $0.current = call }
            if state.withLock({ $0.isSpoiled }) { return .replaced(call) }
            guard let request = call.request else {
                keep(call, .success([]))
                continue
            }
            switch await worker.exchange(silenceLimit: call.silenceLimit, request: request) {
            case .line(let line): keep(call, .success(line))
            case .timedOut: return .interrupted(call, .timedOut(seconds: call.silenceLimit), wasFresh: isFresh)
            case .endOfOutput: return .interrupted(call, Task.isCancelled ? .cancelled : nil, wasFresh: isFresh)
            case .notUnderstood(let what): return .interrupted(call, .notUnderstood(what), wasFresh: isFresh)
            }
            isFresh = false
        }
        let params = CloseMethod.Params(removesArtifacts: removesArtifacts)
        _ = await worker.exchange(silenceLimit: Self.closeLimitSeconds) {
            try JSONRPC.encode(JSONRPC.Request(id: $0, method: CloseMethod.name, params: params))
        }
        return .finished
    }

    /// Nil is the end of the worker's output.
    private func open(
        _ worker: WorkerConnection, _ params: OpenMethod.Params
    ) async -> Result<OpenMethod.Result?, WorkerFailure> {
        let reply = await worker.exchange(silenceLimit: openLimit) {
            try JSONRPC.encode(JSONRPC.Request(id: $0, method: OpenMethod.name, params: params))
        }
        switch reply {
        case .timedOut: return .failure(.timedOut(seconds: openLimit))
        case .endOfOutput: return Task.isCancelled ? .failure(.cancelled) : .success(nil)
        case .notUnderstood(let what): return .failure(.notUnderstood(what))
        case .line(let line):
            do throws(WorkerFailure) {
                return .success(try Self.result(of: OpenMethod.self, in: line))
            } catch {
                return .failure(error)
            }
        }
    }

    private static func result<Method: WorkerMethod>(
        of method: Method.Type, in line: [UInt8]
    ) throws(WorkerFailure) -> Method.Result {
        let response: JSONRPC.Response<Method.Result>
        do {
            response = try JSONRPC.decode(JSONRPC.Response<Method.Result>.self, from: line)
        } catch {
            throw .notUnderstood("the response to \(method.name): \(error)")
        }
        if let error = response.error { throw .refused(error) }
        guard let result = response.result else { throw .notUnderstood("a response to \(method.name) without result") }
        return result
    }
}
