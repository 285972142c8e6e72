internal import Foundation
internal import UnixSignals

/// Ctrl-C and SIGTERM end a run in order: what was measured is written, and the workers are gone.
enum Interruption {
    private enum Event<Value: Sendable> {
        case finished(Value)
        case signalled
    }

    /// A reader of our output, or a model's program, that goes away is no reason to die.
    static func surviveBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

    /// Runs `body` and cancels it at the first signal. It is expected to return what it has.
    static func cancelling<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> (value: Value, wasInterrupted: Bool) {
        surviveBrokenPipes()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        return try await withThrowingTaskGroup(of: Event<Value>.self) { group in
            group.addTask { .finished(try await body()) }
            group.addTask {
                for await _ in signals { return .signalled }
                throw CancellationError()
            }
            var wasInterrupted = false
            while let event = try await group.next() {
                switch event {
                case .finished(let value):
                    group.cancelAll()
                    return (value, wasInterrupted)
                case .signalled:
                    wasInterrupted = true
                    group.cancelAll()
                }
            }
            throw CancellationError()
        }
    }
}
