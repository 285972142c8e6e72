import Synchronization

/// Jobs in the order they came, for any number of takers.
///
/// Taking ends when the queue is finished, which whoever owns the takers does on every path; no taker needs to be cancelled.
final class JobQueue<Job: Sendable>: Sendable {
    private struct State {
        var jobs: [Job] = []
        var first = 0
        var takers: [CheckedContinuation<Job?, Never>] = []
        var isFinished = false
    }

    private let state = Mutex(State())

    /// False if the queue is finished, and the job not taken in.
    func push(_ job: Job) -> Bool {
        let taker: CheckedContinuation<Job?, Never>?
        let isTaken: Bool
        (taker, isTaken) = state.withLock { state in
            guard !state.isFinished else { return (nil, false) }
            guard state.takers.isEmpty else { return (state.takers.removeFirst(), true) }
            state.jobs.append(job)
            return (nil, true)
        }
        taker?.resume(returning: job)
        return isTaken
    }

    /// The next job, as soon as there is one; nil once the queue is finished.
    func next() async -> Job? {
        await withCheckedContinuation { continuation in
            let immediate: Job??
            immediate = state.withLock { state -> Job?? in
                if state.first < state.jobs.count {
                    let job = state.jobs[state.first]
                    state.first += 1
                    if state.first == state.jobs.count {
                        state.jobs.removeAll(keepingCapacity: true)
                        state.first = 0
                    }
                    return .some(job)
                }
                if state.isFinished { return .some(nil) }
                state.takers.append(continuation)
                return nil
            }
            if let immediate { continuation.resume(returning: immediate) }
        }
    }

    /// Ends the taking; what nobody took is given back.
    @discardableResult
    func finish() -> [Job] {
        let (takers, rest) = state.withLock { state in
            state.isFinished = true
            let rest = Array(state.jobs[state.first...])
            state.jobs.removeAll()
            state.first = 0
            defer { state.takers.removeAll() }
            return (state.takers, rest)
        }
        for taker in takers { taker.resume(returning: nil) }
        return rest
    }
}
