import Synchronization

/// What a session knows of one device: other devices' times say nothing of how fast this one is.
final class DeviceRecord: Sendable {
    private struct State {
        var bestMs: Double?
        var lastUsed: ContinuousClock.Instant?
    }

    /// The device's number, where several measure.
    let index: Int?
    private let state = Mutex(State())
    private let turns = JobQueue<Void>()

    init(index: Int?) {
        self.index = index
        _ = turns.push(())
    }

    var bestMs: Double? { state.withLock { $0.bestMs } }

    func sawTime(_ milliseconds: Double) {
        state.withLock { $0.bestMs = min($0.bestMs ?? milliseconds, milliseconds) }
    }

    /// Runs `body` when nothing else is done on the device.
    func alone<Result>(_ body: () async -> Result) async -> Result {
        _ = await turns.next()
        defer {
            state.withLock { $0.lastUsed = .now }
            _ = turns.push(())
        }
        return await body()
    }

    /// How long the device has had nothing to do; nil if it never had.
    var idleSeconds: Double? {
        state.withLock { $0.lastUsed }.map { (ContinuousClock.now - $0).inSeconds }
    }
}
