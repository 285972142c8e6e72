internal import Synchronization

/// A value that is made when it is first asked for, and shared by all that refer to it.
package final class MadeOnce<Value: Sendable>: Sendable {
    private let kept = Mutex<Value?>(nil)

    package init() {}

    package func value(_ make: () -> Value) -> Value {
        kept.withLock { kept in
            if let kept { return kept }
            let made = make()
            kept = made
            return made
        }
    }
}
