internal import ConfigSpace
internal import Foundation
internal import Measurement
internal import Search

/// Everything evaluated in the T4 format, the auto-tuning community's for results, which Kernel Tuner and others read.
///
/// Source of the format: the FAIR Benchmark Hub for Auto-Tuning's `T4` results, whose times are in milliseconds.
struct T4Document: Encodable {
    struct Metadata: Encodable {
        var timeunit = "miliseconds"
        /// Beyond the format: what a run on the recording tells of the device.
        var device: DeviceDescription
        /// Beyond the format: the configuration space, where the kernel itself tells it.
        var space: Value?
    }

    struct Result: Encodable {
        struct Times: Encodable {
            var compilationTime: Double
            var framework = 0.0
            var searchAlgorithm = 0.0
            var validation: Double
            var runtimes: [Double]

            enum CodingKeys: String, CodingKey {
                case compilationTime = "compilation"
                case framework
                case searchAlgorithm = "search_algorithm"
                case validation, runtimes
            }
        }

        struct Measure: Encodable {
            var name = "time"
            /// A time, or the outcome's name where there is none.
            var value: Value
            var unit: String? = "miliseconds"
        }

        var configuration: Config
        var times: Times
        var invalidity: String
        var correctness: Int
        var measurements: [Measure]
        var objectives = ["time"]
    }

    var metadata: Metadata
    var results: [Result]

    init(_ history: History, device: DeviceDescription, space: Value? = nil) {
        metadata = Metadata(device: device, space: space)
        results = history.entries.filter { $0.evaluation.outcome != .notRecorded }.map { entry in
            let evaluation = entry.evaluation
            return Result(
                configuration: evaluation.config,
                times: Result.Times(
                    compilationTime: evaluation.seconds.compile * 1e3, validation: evaluation.seconds.verify * 1e3,
                    runtimes: evaluation.timeMs.map { [$0] } ?? []),
                invalidity: Self.invalidity(evaluation.outcome), correctness: evaluation.timeMs == nil ? 0 : 1,
                measurements: [
                    .init(value: evaluation.timeMs.map(Value.double) ?? .string(evaluation.outcome.rawValue))
                ]
                    + (evaluation.reason.map { [.init(name: "reason", value: .string($0), unit: nil)] } ?? [])
                    + (evaluation.resources?.named ?? []).map { .init(name: $0.name, value: $0.value, unit: nil) })
        }
    }

    private static func invalidity(_ outcome: Outcome) -> String {
        switch outcome {
        case .measured: "correct"
        case .rejected: "constraints"
        case .compileError: "compile"
        case .compileTimeout, .runTimeout: "timeout"
        case .wrongResult: "correctness"
        case .launchError, .runtimeError, .workerLost, .notRecorded: "runtime"
        }
    }

    func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + [UInt8(ascii: "\n")]
    }
}
