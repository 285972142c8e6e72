import ConfigSpace
import Synchronization

/// The configs of one call of the evaluator on their way through compiling and timing.
final class Batch: Sendable {
    enum Event: Sendable {
        case evaluated(Evaluation)
        case compiled(CompiledConfig)
        /// No more configs will come; there were so many.
        case allSent(Int)
        /// Nothing can be measured at all.
        case failed(MeasurementError)
    }

    /// Compiled configs go on to be timed, or are all that is asked for.
    let isTimed: Bool
    let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let isGivenUp = Atomic(false)

    init(isTimed: Bool) {
        self.isTimed = isTimed
        (events, continuation) = AsyncStream.makeStream()
    }

    func tell(_ event: Event) {
        continuation.yield(event)
    }

    /// Whether nobody waits for the rest any more.
    var isAbandoned: Bool { isGivenUp.load(ordering: .relaxed) }

    func abandon() {
        isGivenUp.store(true, ordering: .relaxed)
        continuation.finish()
    }
}

/// A config that compiled.
struct CompiledConfig: Sendable {
    var config: Config
    var artifact: String
    var resources: Resources?
    var seconds: Double
}
