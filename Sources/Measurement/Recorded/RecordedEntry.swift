import ConfigSpace
import KernelSpec

/// What a recording says of one config.
struct RecordedEntry: Sendable {
    var outcome: Outcome
    var reason: String?
    /// The file's own figure, whatever it made it from.
    var timeMs: Double?
    var samples = 1
    var seconds = PhaseSeconds()
    var resources: Resources?

    func evaluation(of config: Config) -> Evaluation {
        Evaluation(
            config: config, outcome: outcome, reason: reason,
            timing: timeMs.map { Timing(medianMs: $0, lowMs: $0, highMs: $0, samples: samples) }, resources: resources,
            seconds: seconds)
    }

    /// From a result of a T4 file: `times`, `invalidity`, `measurements`; times in milliseconds.
    init(t4 node: JSONNode) {
        func measured(_ name: String) -> JSONNode? {
            node.member("measurements")?.elements.first { $0.member("name")?.string == name }?.member("value")
        }
        let value = measured("time")
        let times = node.member("times")
        let runtimes = times?.member("runtimes")
        let seconds = PhaseSeconds(
            compile: (times?.member("compilation")?.double ?? 0) / 1_000,
            verify: (times?.member("validation")?.double ?? 0) / 1_000,
            time: (runtimes?.elements.reduce(0) { $0 + ($1.double ?? 0) } ?? 0) / 1_000)
        self.init(
            invalidity: node.member("invalidity")?.string ?? "correct", value: value, seconds: seconds,
            samples: max(1, runtimes?.count ?? 1))
        resources = Resources { measured($0)?.value }
        reason = measured("reason")?.string ?? reason
    }

    /// From an entry of a Kernel Tuner cache: `time` is a number or the name of the failure's class.
    init(cache node: JSONNode) {
        let value = node.member("time")
        let seconds = PhaseSeconds(
            compile: (node.member("compile_time")?.double ?? 0) / 1_000,
            verify: (node.member("verification_time")?.double ?? 0) / 1_000,
            time: (node.member("benchmark_time")?.double ?? 0) / 1_000)
        self.init(
            invalidity: value?.string == nil ? "correct" : "", value: value, seconds: seconds,
            samples: max(1, node.member("times")?.count ?? 1))
    }

    private init(invalidity: String, value: JSONNode?, seconds: PhaseSeconds, samples: Int) {
        self.seconds = seconds
        self.samples = samples
        if invalidity == "correct", let time = value?.double, time.isFinite, time > 0 {
            outcome = .measured
            timeMs = time
            return
        }
        let name = value?.string ?? ""
        if let own = Outcome(rawValue: name), own != .measured {
            outcome = own
            return
        }
        outcome = Self.outcome(invalidity: invalidity, failure: name)
        let words = [invalidity == "correct" ? "no time" : invalidity, name].filter { !$0.isEmpty }
        reason = "the recording says: \(words.joined(separator: ", "))"
    }

    /// By T4's word, else by the name of Kernel Tuner's error class.
    private static func outcome(invalidity: String, failure: String) -> Outcome {
        switch (invalidity, failure) {
        case ("compile", _), ("", "CompilationFailedConfig"): .compileError
        case ("timeout", _): .runTimeout
        case ("correctness", _), ("", "CorrectnessFailedConfig"): .wrongResult
        case ("constraints", _), ("", "InvalidConfig"): .rejected
        default: .runtimeError
        }
    }
}
