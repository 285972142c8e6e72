import CCurl
import Synchronization

/// What others may tell a transfer while its thread runs it: to end, and how long to bear silence.
final class Transfer: Sendable {
    // Unchecked: the pointer is only touched under the mutex, and for the one call that libcurl allows from any thread.
    @safe private struct State: @unchecked Sendable {
        var multi: UnsafeMutableRawPointer?
        var isCancelled = false
        var allowedSilence: Double
    }

    private let state: Mutex<State>

    init(allowedSilence: Double) {
        state = Mutex(unsafe State(multi: nil, allowedSilence: allowedSilence))
    }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }
    var allowedSilence: Double { state.withLock { $0.allowedSilence } }

    func attach(_ multi: UnsafeMutableRawPointer) {
        let attached = unsafe State(multi: multi, allowedSilence: 0)
        state.withLock { unsafe $0.multi = attached.multi }
    }

    func detach() { state.withLock { unsafe $0.multi = nil } }

    func allowSilence(_ seconds: Double) {
        state.withLock { state in
            state.allowedSilence = seconds
            // The wait that is under way goes by the former limit.
            if let multi = unsafe state.multi { _ = unsafe curl_multi_wakeup(multi) }
        }
    }

    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            if let multi = unsafe state.multi { _ = unsafe curl_multi_wakeup(multi) }
        }
    }
}
