/// Why a call to a worker gave no result.
enum WorkerFailure: Error, Equatable {
    /// No sign of life for this many seconds; its process group was killed.
    case timedOut(seconds: Double)
    /// The process ended while the call was under way; a fresh one had served no other call before.
    case ended(WorkerEnd, wasFresh: Bool)
    /// The worker refused the call.
    case refused(RPCError)
    /// What came back is not the protocol: ends the run while a worker is opened, costs the config that was running after.
    case notUnderstood(String)
    /// No worker could be had at all.
    case unusable(MeasurementError)
    /// The evaluator is being torn down.
    case cancelled
}

/// How a worker process ended, and the last it wrote to standard error.
struct WorkerEnd: Sendable, Equatable, CustomStringConvertible {
    enum Status: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// It lives, but nothing more can come from it: it was killed.
        case closedOutput
    }

    var status: Status
    var lastLine: String?

    /// For example "killed by signal 11 (SIGSEGV)".
    var description: String {
        let how =
            switch status {
            case .exited(let code): "exited with status \(code)"
            case .signalled(let number): "killed by signal \(number) (\(SignalName.of(number)))"
            case .closedOutput: "closed its output"
            }
        guard let lastLine else { return how }
        return "\(how); its last words: \(lastLine)"
    }
}

extension WorkerFailure {
    /// Whether what an earlier call left in the worker may be the cause, so that a fresh worker is worth a try.
    var mayBeOfEarlierCall: Bool {
        switch self {
        case .ended(_, let wasFresh): !wasFresh
        case .notUnderstood: true
        case .refused(let error) where error.code == RPCError.stateDamagedCode: true
        case .timedOut, .refused, .unusable, .cancelled: false
        }
    }

    /// What went wrong, as the second half of a sentence about the worker.
    private var predicate: String {
        switch self {
        case .timedOut(let seconds): "gave no sign of life for \(seconds.shortText) s"
        case .ended(let end, _):
            switch end.status {
            case .exited, .closedOutput: end.description
            case .signalled: "was \(end.description)"
            }
        case .refused(let error): "refused: \(error.message)"
        case .notUnderstood(let what): "does not speak the worker protocol: \(what)"
        case .unusable(let error): error.message
        case .cancelled: "was stopped"
        }
    }

    /// The error of the run when a worker cannot be opened.
    func whileOpening(_ command: [String], _ params: OpenMethod.Params) -> MeasurementError {
        switch self {
        case .refused(let error) where error.code == RPCError.referenceFailedCode:
            return .referenceFailed(error.message)
        case .timedOut, .ended:
            if params.reference != nil {
                return .referenceFailed("while the reference was computed, the worker \(predicate)")
            }
        default: break
        }
        return asError(command)
    }

    /// The error of the run when a call fails in a way that no config is to blame for.
    func asError(_ command: [String]) -> MeasurementError {
        switch self {
        case .unusable(let error): return error
        case .refused(let error) where error.code == RPCError.unsupportedCode:
            return MeasurementError(
                .unsupported, error.message,
                help: "Install or correct what is named, or give --recorded FILE for recorded results.")
        default: break
        }
        return .worker(command, predicate)
    }
}

extension MeasurementError {
    static func workerNotStarted(_ command: [String], _ why: String) -> MeasurementError {
        .worker(command, "could not be started: \(why)")
    }

    static func referenceFailed(_ why: String) -> MeasurementError {
        MeasurementError(
            .referenceFailed, "there is no reference to verify against: \(why)",
            help: "The default config, or what \"verification\" names, has to compile and run before anything is tuned."
        )
    }

    fileprivate static func worker(_ command: [String], _ predicate: String) -> MeasurementError {
        MeasurementError(
            .workerNotUsable, "the worker `\(command.joined(separator: " "))` \(predicate)",
            help:
                "Check that this command runs where it is started, and that the launcher passes its input and output on."
        )
    }
}

extension Double {
    /// Without a fraction where there is none: 15, 2.5.
    var shortText: String {
        self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)"
    }
}
