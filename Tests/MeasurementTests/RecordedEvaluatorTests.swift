import ConfigSpace
import Foundation
import Measurement
import Testing

@Suite("Recordings")
struct RecordedEvaluatorTests {
    private let space: ConfigSpace

    init() throws {
        space = try ConfigSpace(
            parameters: [
                Parameter(name: "tile", domain: .values([.int(1), .int(2), .int(4), .int(8), .int(16), .int(32)])),
                Parameter(name: "shared", domain: .boolean), Parameter(name: "width", domain: .values([.int(15)])),
            ], constraints: [])
    }

    private func config(_ tile: Int, _ shared: Bool) -> Config {
        Config(names: ["tile", "shared", "width"], values: [.int(tile), .bool(shared), .int(15)])
    }

    private func evaluations(_ text: String, of configs: [Config]) async throws -> [Evaluation] {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "results.json")
        let evaluator = try await RecordedEvaluator(file: file, spec: .of(space))
        #expect(evaluator.device.name == "results.json")
        var evaluations: [Evaluation] = []
        try await evaluator.evaluate(configs) { evaluations.append($0) }
        // Looking the same up again adds only who is tied with the fastest.
        let again = try await evaluator.retime(configs)
        #expect(again.map(\.config) == evaluations.map(\.config) && again.map(\.timeMs) == evaluations.map(\.timeMs))
        let fastest = again.filter { $0.timeMs != nil }.min { ($0.timeMs ?? 0) < ($1.timeMs ?? 0) }
        #expect(fastest?.timing?.isTiedWithFastest != false)
        return evaluations
    }

    private static func t4(_ results: [String]) -> String {
        #"{"metadata":{"timeunit":"miliseconds"},"results":[\#(results.joined(separator: ","))]}"#
    }

    private static func result(_ configuration: String, _ invalidity: String, _ value: String) -> String {
        #"""
        {"configuration":{\#(configuration)},"times":{"compilation":918.5,"validation":20,"runtimes":[2.5,1.5]},
         "invalidity":"\#(invalidity)","correctness":1,"measurements":[{"name":"power","value":300},
         {"name":"time","value":\#(value),"unit":""}],"objectives":["time"]}
        """#
    }

    @Test("a T4 result is found however its numbers were written and its keys ordered")
    func t4() async throws {
        let text = Self.t4([
            Self.result(#""shared":1,"tile":2.0,"width":15"#, "correct", "1.25"),
            Self.result(#""tile":2,"shared":true"#, "correct", "9"),
        ])
        let evaluations = try await evaluations(text, of: [config(2, true), config(2, false)])
        #expect(evaluations[0].config == config(2, true))
        #expect(evaluations[0].timing == Timing(medianMs: 1.25, lowMs: 1.25, highMs: 1.25, samples: 2))
        #expect(evaluations[0].seconds == PhaseSeconds(compile: 0.9185, verify: 0.02, time: 0.004))
        #expect(evaluations[1].outcome == .notRecorded)
    }

    @Test("what did not work has the outcome that the recording says, and a reason")
    func failures() async throws {
        let kinds = ["compile", "runtime", "timeout", "correctness", "constraints", "correct"]
        let text = Self.t4(
            zip([1, 2, 4, 8, 16, 32], kinds).map { tile, kind in
                Self.result(#""tile":\#(tile),"shared":false"#, kind, kind == "correct" ? "0" : "\"SomeError\"")
            })
        let evaluations = try await evaluations(text, of: [1, 2, 4, 8, 16, 32].map { config($0, false) })
        #expect(
            evaluations.map(\.outcome)
                == [.compileError, .runtimeError, .runTimeout, .wrongResult, .rejected, .runtimeError])
        #expect(evaluations[0].reason == "the recording says: compile, SomeError")
        #expect(evaluations[5].reason == "the recording says: no time")
    }

    @Test("a Kernel Tuner cache is read, closed or left open")
    func cache() async throws {
        let folder = try TemporaryFolder()
        let entries = #"""
            {"device_name":"NVIDIA A100","cache":{
            "2,1":{"tile":2,"shared":1,"time":0.5,"times":[0.4,0.6],"compile_time":2000,"verification_time":0,"benchmark_time":30},
            "4,1":{"tile":4,"shared":1,"time":"CompilationFailedConfig","compile_time":10},
            "8,1":{"tile":8,"shared":1,"time":"InvalidConfig"}
            """#
        for (name, text) in [("closed", entries + "}}"), ("open", entries + ",\n")] {
            let evaluator = try await RecordedEvaluator(file: try folder.write(text, to: name), spec: .of(space))
            #expect(evaluator.device.name == "NVIDIA A100")
            #expect(evaluator.recordedCount == 3)
            let evaluations = try await evaluator.retime([2, 4, 8, 1].map { config($0, true) })
            #expect(evaluations.map(\.outcome) == [.measured, .compileError, .rejected, .notRecorded])
            #expect(evaluations[0].timeMs == 0.5)
            #expect(evaluations[0].seconds == PhaseSeconds(compile: 2, verify: 0, time: 0.03))
        }
    }

    @Test(
        "a file of no use is an error that says why",
        arguments: [
            ("{}", "neither \"results\" (T4) nor \"cache\" (Kernel Tuner) is in it"),
            (#"{"results":[{}]}"#, "a result without \"configuration\""),
            (#"{"results":[{"configuration":{"tile":1}}]}"#, "the config names no value for parameter \"shared\""),
            (#"{"results":["#, ":1:"),
        ])
    func ofNoUse(text: String, why: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "bad.json")
        let error = await #expect(throws: MeasurementError.self) {
            _ = try await RecordedEvaluator(file: file, spec: .of(space))
        }
        #expect(error?.kind == .recordingNotReadable)
        #expect(error?.message.contains("bad.json") == true)
        #expect(error?.message.contains(why) == true)
    }

    @Test("a file that is not there, or is damaged, is an error that says so")
    func unreadable() async throws {
        let missing = await #expect(throws: MeasurementError.self) {
            _ = try await RecordedEvaluator(file: "/no/such.json", spec: .of(space))
        }
        #expect(
            missing?.message == "the recording /no/such.json is of no use: it cannot be read: No such file or directory"
        )
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/damaged.json.gz"
        try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]).write(to: URL(filePath: file))
        let damaged = await #expect(throws: MeasurementError.self) {
            _ = try await RecordedEvaluator(file: file, spec: .of(space))
        }
        #expect(damaged?.message.contains("gzip could not decompress it: gzip: ") == true)
    }

    @Test("failures of autotune's own files keep their outcome and their reason")
    func ownFailures() async throws {
        let text = #"""
            {"configuration":{"tile":4,"shared":true},"times":{},"invalidity":"runtime",
             "measurements":[{"name":"time","value":"launchError"},
             {"name":"reason","value":"block x is 2048, the device allows 1024"}]}
            """#
        let found = try await evaluations(Self.t4([text]), of: [config(4, true)])
        #expect(found.map(\.outcome) == [.launchError])
        #expect(found[0].reason == "block x is 2048, the device allows 1024")
    }
}
