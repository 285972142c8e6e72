public import ConfigSpace
public import KernelSpec

/// Evaluates configs by looking them up in a recording, a T4 result file or a Kernel Tuner cache file.
///
/// A config that is not in it is `notRecorded`. Times are the file's; the seconds are those that its making cost.
public struct RecordedEvaluator: Evaluator {
    public let device: DeviceDescription
    public let spec: KernelSpec
    private let recording: Recording

    /// Reads the whole recording.
    ///
    /// - Parameter file: plain or compressed by gzip, whatever its name.
    /// - Throws: a `MeasurementError` when it cannot be read, or is not of this space.
    public init(file: String, spec: KernelSpec) async throws {
        let bytes = try await RecordingFile.bytes(of: file)
        var spec = spec
        if spec.kernel.language.tellsSpace { spec = try Recording.withSpace(spec, bytes, file: file) }
        self.spec = spec
        recording = try Recording(bytes, file: file, space: spec.configSpace)
        let fileName = file.split(separator: "/").last.map(String.init) ?? file
        device = DeviceDescription(
            name: recording.device?.name ?? fileName,
            facts: (recording.device?.facts ?? []) + [
                .init(name: "Recording", value: "\(fileName), \(recording.entries.count) configs")
            ])
    }

    public var takesTime: Bool { false }

    /// The configs that the recording has a result for, failures included.
    public var recordedCount: Int { recording.entries.count }

    public func evaluate(_ configs: [Config], report: (Evaluation) async throws -> Void) async throws {
        for config in configs {
            try Task.checkCancellation()
            try await report(evaluation(of: config))
        }
    }

    /// The recorded times again: nothing is measured.
    public func retime(_ configs: [Config]) async throws -> [Evaluation] {
        let evaluations = configs.map(evaluation)
        let fastestMs = evaluations.compactMap(\.timeMs).min()
        return evaluations.map { evaluation in
            var evaluation = evaluation
            if let fastestMs, evaluation.timeMs != nil, let lowMs = evaluation.timing?.lowMs {
                evaluation.timing?.isTiedWithFastest = lowMs <= fastestMs
            }
            return evaluation
        }
    }

    private func evaluation(of config: Config) -> Evaluation {
        recording.entry(of: config)?.evaluation(of: config)
            ?? Evaluation(config: config, outcome: .notRecorded, reason: "the recording has no result for this config")
    }
}
