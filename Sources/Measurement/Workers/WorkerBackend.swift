/// What serves the protocol's methods for one family of languages, inside a worker process. `open` comes first.
protocol WorkerBackend: AnyObject {
    func open(_ params: OpenMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> OpenMethod.Result
    func compile(_ params: CompileMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> CompileMethod.Result
    func evaluate(_ params: EvaluateMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> EvaluateMethod.Result
    func retime(_ params: RetimeMethod.Params, heartbeat: Heartbeat) async throws(RPCError) -> RetimeMethod.Result
    func close(_ params: CloseMethod.Params) async throws(RPCError) -> CloseMethod.Result
}

/// Signs of life while a request is worked on, not more often than need be: between runs of a kernel they cost nothing
/// that a timing could see.
final class Heartbeat {
    private static let spacing = Duration.milliseconds(100)
    private var last: ContinuousClock.Instant
    private let send: () -> Void

    init(send: @escaping () -> Void) {
        self.last = .now
        self.send = send
    }

    /// Called before each step that takes long by itself.
    func beat() {
        let now = ContinuousClock.now
        guard now - last >= Self.spacing else { return }
        last = now
        send()
    }
}
