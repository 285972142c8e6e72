internal import ConfigSpace
internal import LanguageModel
internal import Search
internal import Synchronization

/// Reads one reply as it comes, event by event, and passes on what others can begin with.
final class ProposalReading: Sendable {
    private let stream: Mutex<ProposalStream>

    init(history: History, most: Int) {
        stream = Mutex(ProposalStream(history: history, most: most))
    }

    func receive(_ event: ModelEvent, onEvent: @Sendable (ProposalEvent) -> Void) {
        switch event {
        case .text(let delta):
            for config in stream.withLock({ $0.receive(delta) }) { onEvent(.config(config)) }
        case .restart(let reason):
            stream.withLock { $0.startAnew() }
            onEvent(.note(reason))
        case .note(let text): onEvent(.note(text))
        }
    }

    /// The reply is over: what it comes to.
    func end(onEvent: @Sendable (ProposalEvent) -> Void) -> (read: ReadReply, review: ProposalReview) {
        let (configs, read, review) = stream.withLock { stream in
            let (configs, read) = stream.end()
            return (configs, read, stream.review)
        }
        for config in configs { onEvent(.config(config)) }
        return (read, review)
    }
}
