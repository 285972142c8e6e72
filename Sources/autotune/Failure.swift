internal import ArgumentParser
internal import Foundation
internal import Guidance
internal import KernelSpec
internal import LanguageModel
internal import Measurement
internal import Reporting
internal import Tuning

/// Turns errors into one clear message on standard error and the exit code of sysexits.h.
enum Failure {
    static func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as ExitCode {
            throw error
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("autotune: \(Text.printable(message(error)))\n".utf8))
            throw code(error)
        }
    }

    private static func message(_ error: any Error) -> String {
        switch error {
        case is CancellationError: "interrupted"
        case let error as any CustomStringConvertible: error.description
        default: "unexpected error: \(error)"
        }
    }

    private static func code(_ error: any Error) -> ExitCode {
        switch error {
        case is CancellationError:
            ExitCode(130)
        case is SpecError, is PromptTemplateError:
            ExitCode(EX_DATAERR)
        case let error as LanguageModelError:
            error.code
        case let error as SessionError:
            error.code
        case let error as MeasurementError:
            error.code
        default:
            ExitCode(EX_SOFTWARE)
        }
    }
}

extension LanguageModelError {
    fileprivate var code: ExitCode {
        switch kind {
        case .noModel, .badOptions: ExitCode(EX_USAGE)
        case .badPriceList: ExitCode(EX_DATAERR)
        case .notRecordable: ExitCode(EX_CANTCREAT)
        default: ExitCode(EX_UNAVAILABLE)
        }
    }
}

extension SessionError {
    fileprivate var code: ExitCode {
        switch self {
        case .exists, .noSession, .noRound, .nothingToResume, .noBaseline, .inUse: ExitCode(EX_USAGE)
        case .damaged, .damagedJournal, .foreignConfig, .differs: ExitCode(EX_DATAERR)
        case .notWritable: ExitCode(EX_CANTCREAT)
        }
    }
}
