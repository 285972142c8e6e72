internal import ArgumentParser
internal import Foundation
internal import Measurement

extension MeasurementError {
    /// The exit code that tells a device that is not there from a kernel that is wrong.
    var code: ExitCode {
        switch kind {
        case .workerNotUsable, .unsupported: ExitCode(EX_UNAVAILABLE)
        case .referenceFailed, .recordingNotReadable: ExitCode(EX_DATAERR)
        case .noWorkingSpace: ExitCode(EX_CANTCREAT)
        }
    }
}
