import Synchronization

/// Ends a wait that has heard nothing for too long.
final class SilenceLimit: Sendable {
    let seconds: Double
    private struct State {
        var deadline: ContinuousClock.Instant
        var hasPassed = false
    }

    private let state: Mutex<State>

    init(seconds: Double) {
        self.seconds = seconds
        state = Mutex(State(deadline: .now + .seconds(seconds)))
    }

    /// A sign of life: the time counts anew.
    func heard() {
        state.withLock { $0.deadline = .now + .seconds(seconds) }
    }

    var hasPassed: Bool { state.withLock { $0.hasPassed } }

    /// Calls `end` once nothing was heard for the limit; returns without it when the task is cancelled first.
    func enforce(_ end: @Sendable () -> Void) async {
        while !Task.isCancelled {
            let deadline = state.withLock { $0.deadline }
            do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return }
            let isOver = state.withLock { state in
                state.hasPassed = state.deadline <= .now
                return state.hasPassed
            }
            if isOver { return end() }
        }
    }
}
