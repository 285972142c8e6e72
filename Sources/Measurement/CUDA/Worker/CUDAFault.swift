/// What an error says of the config that was running.
struct CUDAFault {
    var outcome: Outcome
    var reason: String
    /// Whether the device's state, or memory that is not the kernel's own, can no longer be trusted.
    var spoilsWorker: Bool

    init(_ error: any Error) {
        switch error {
        case let error as WrongResult:
            (outcome, reason, spoilsWorker) = (.wrongResult, error.reason, error.isStray)
        case let error as CUDAError:
            spoilsWorker = error.losesContext
            outcome = spoilsWorker ? .runtimeError : .launchError
            reason = "\(error)"
        case let error as LaunchFailure:
            (outcome, reason, spoilsWorker) = (.launchError, error.reason, false)
        default:
            // A `LaunchLimitError` among them.
            (outcome, reason, spoilsWorker) = (.launchError, "\(error)", false)
        }
    }
}
