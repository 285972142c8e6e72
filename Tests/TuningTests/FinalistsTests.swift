import ConfigSpace
import Measurement
import Search
import Testing

@testable import Tuning

@Suite struct FinalistsTests {
    private func history(_ timesMs: [Double]) throws -> (History, [Config]) {
        let space = try ConfigSpace(
            parameters: [Parameter(name: "tile", domain: .integer(min: 1, max: 9, step: 1))], constraints: [])
        var history = History(space: space)
        let configs = Array(space.allConfigs())
        for (config, time) in zip(configs, timesMs) {
            history.record(evaluation(config, time), round: 0, origin: .model)
        }
        return (history, configs)
    }

    private func evaluation(_ config: Config, _ timeMs: Double?) -> Evaluation {
        let timing = timeMs.map { Timing(medianMs: $0, lowMs: $0, highMs: $0, samples: 9) }
        return Evaluation(config: config, outcome: timing == nil ? .wrongResult : .measured, timing: timing)
    }

    @Test("what is within the noise of the best is a finalist, and so is the default")
    func chosen() throws {
        let (history, configs) = try history([5, 1.01, 1, 1.3])
        #expect(Finalists.choose(history, most: 5) == [configs[2], configs[1], configs[0]])
        #expect(Finalists.choose(history, most: 1) == [configs[2], configs[0]])
    }

    @Test("where several devices measured, each config is held to the best of its own")
    func devices() throws {
        let space = try ConfigSpace(
            parameters: [Parameter(name: "tile", domain: .integer(min: 1, max: 9, step: 1))], constraints: [])
        var history = History(space: space)
        let configs = Array(space.allConfigs())
        for (index, (device, time)) in [(0, 5.0), (0, 1), (0, 1.1), (1, 1.2), (1, 1.21), (1, 1.5)].enumerated() {
            var evaluation = evaluation(configs[index], time)
            evaluation.device = device
            history.record(evaluation, round: 0, origin: .model)
        }
        #expect(Finalists.choose(history, most: 5) == [configs[1], configs[3], configs[4], configs[0]])
    }

    @Test("when all have drifted alike, nothing was overlooked")
    func drift() throws {
        let (history, configs) = try history([5, 1.01, 1, 1.05])
        let retimed = [(0, 6.0), (1, 1.21), (2, 1.2)].map { (configs[$0], evaluation(configs[$0], $1)) }
        #expect(Finalists.overlooked(history, retimed: Dictionary(uniqueKeysWithValues: retimed), most: 5) == [])
    }

    @Test("when the leaders fail or were lucky, the next in line are re-timed")
    func overlooked() throws {
        let (history, configs) = try history([5, 1.01, 1, 1.05, 4])
        let lucky = [(0, 5.0), (1, 1.2), (2, 1.2)].map { (configs[$0], evaluation(configs[$0], $1)) }
        #expect(
            Finalists.overlooked(history, retimed: Dictionary(uniqueKeysWithValues: lucky), most: 5) == [])
        let failed = [(0, 5.0), (1, nil), (2, nil)].map { (configs[$0], evaluation(configs[$0], $1)) }
        #expect(
            Finalists.overlooked(history, retimed: Dictionary(uniqueKeysWithValues: failed), most: 5) == [
                configs[3], configs[4],
            ])
    }
}
