import ConfigSpace
import Foundation
import Measurement
import Search
import Testing

@testable import Tuning

@Suite struct JournalTests {
    private func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID().uuidString).jsonl").path
    }

    private func evaluation(_ name: String, _ value: Value) -> JournalEvent {
        let config = Config(names: [name], values: [value])
        let timing = Timing(medianMs: 1.25, lowMs: 1.2, highMs: 1.3, samples: 7)
        return .evaluation(
            .init(
                round: 0, origin: .model,
                evaluation: Evaluation(
                    config: config, outcome: .measured, timing: timing, resources: Resources(codeBytes: 12),
                    seconds: PhaseSeconds(compile: 0.5, verify: 0.1, time: 0.2))))
    }

    @Test("events come back as they were written, with the parameters' names untouched")
    func roundTrip() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let events: [JournalEvent] = [
            .roundStarted(.init(round: 0)), evaluation("loopOrder", .list([.int(1), .int(0)])),
            evaluation("MWG", .null),
            evaluation("num_warps", .double(0.5)),
            .proposals(
                .init(
                    round: 1, configs: [Config(names: ["tileX"], values: [.string("a\"b")])],
                    rejections: [RejectedProposal(proposal: "{}", reason: "empty")], model: "m", modelSeconds: 2.5)),
            .stopped(.init(stopped: .rounds, reason: nil)),
        ]
        var journal = try Journal(path: path)
        for event in events { try journal.append(event) }
        try journal.synchronize()
        #expect(try Journal.read(path: path) == events)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains(#""config":{"loopOrder":[1,0]}"#))
        #expect(text.contains(#""median_ms":1.25"#))
    }

    @Test("a last line that was being written when the program was killed is dropped")
    func torn() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var journal = try Journal(path: path)
        try journal.append(.roundStarted(.init(round: 0)))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"event":"evaluation","rou"#.utf8))
        #expect(try Journal.read(path: path) == [.roundStarted(.init(round: 0))])
        var again = try Journal(path: path)
        try again.append(.roundStarted(.init(round: 1)))
        #expect(try Journal.read(path: path) == [.roundStarted(.init(round: 0)), .roundStarted(.init(round: 1))])
    }

    @Test("a damaged line is an error that names it")
    func damaged() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("{\"event\":\"round_started\",\"round\":0}\nnonsense\n".utf8).write(to: URL(filePath: path))
        let error = #expect(throws: SessionError.self) { try Journal.read(path: path) }
        #expect(error?.description == "\(path):2: not an event of a journal; remove the line, or start a new session")
    }
}
