import Testing

@testable import Measurement

@Suite("Configs timed side by side")
struct SideBySideTests {
    @Test("drift that hits all alike does not hide which is faster")
    func drift() throws {
        // 30 % drift over the rounds, 1 % between the two.
        let drift = (0..<20).map { 1 + 0.3 * Double($0) / 20 }
        let comparison = SideBySide(samples: [drift.map { 1.01 * $0 }, drift])
        #expect(comparison.order == [1, 0])
        #expect(comparison.isSettled)
        let timings = comparison.timings()
        #expect(!timings[0].isTiedWithFastest)
        #expect(timings[1].isTiedWithFastest)
        // Each interval is its own median's: the drift that the ratio is free of is in both.
        for (timing, samples) in zip(timings, comparison.samples) {
            let own = try #require(MedianInterval(of: samples))
            #expect(timing.lowMs == own.low && timing.medianMs == own.median && timing.highMs == own.high)
        }
    }

    @Test("a timing written before ties were told apart is read as none")
    func decoding() throws {
        let old = Array(#"{"medianMs":1,"lowMs":1,"highMs":1,"samples":7,"abandoned":false}"#.utf8)
        var timing = try JSONRPC.decode(Timing.self, from: old)
        #expect(!timing.isTiedWithFastest)
        timing.isTiedWithFastest = true
        #expect(try JSONRPC.decode(Timing.self, from: JSONRPC.encode(timing)) == timing)
    }

    @Test("near-equals are ties and stay unsettled")
    func ties() {
        let wave = (0..<20).map { $0.isMultiple(of: 2) ? 1.0 : 1.02 }
        let comparison = SideBySide(samples: [wave, wave.reversed()])
        #expect(!comparison.isSettled)
        let timings = comparison.timings()
        #expect(timings.map(\.isTiedWithFastest) == [true, true])
    }

    @Test("configs that are as good as equal settle as a tie")
    func equals() {
        let steady = (0..<20).map { 1 + 0.001 * Double($0 % 3) }
        let comparison = SideBySide(samples: [steady, steady.map { $0 * 1.0001 }])
        #expect(comparison.isSettled)
    }

    @Test("a handful of rounds settles nothing")
    func fewRounds() {
        #expect(!SideBySide(samples: [[1, 1, 1], [2, 2, 2]]).isSettled)
        #expect(SideBySide(samples: [[1, 1, 1]]).isSettled)
        #expect(SideBySide(samples: []).timings().isEmpty)
    }

    @Test("noise is half the interval over the median")
    func noise() {
        let timing = Timing(medianMs: 2, lowMs: 1.9, highMs: 2.1, samples: 10)
        #expect(abs(timing.noiseRatio - 0.05) < 1e-12)
    }
}
