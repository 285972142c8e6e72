internal import Synchronization

/// The latest values of a function, so that it is not asked again for the same.
///
/// Nothing depends on what happens to be kept.
final class LatestValues<Argument: Equatable & Sendable, Value: Sendable>: Sendable {
    private let kept = Mutex<[(argument: Argument, value: Value)]>([])
    private let most: Int

    init(most: Int) { self.most = most }

    func value(_ argument: Argument, _ function: (Argument) -> Value) -> Value {
        kept.withLock { kept in
            if let found = kept.first(where: { $0.argument == argument }) { return found.value }
            let value = function(argument)
            if kept.count == most { kept.removeFirst() }
            kept.append((argument, value))
            return value
        }
    }
}
