import Testing

@testable import Measurement

@Suite("Configs timed side by side")
struct SideBySideTests {
    @Test("drift that hits all alike does not hide which is faster")
    func drift() {
        // 30 % drift over the rounds, 1 % between the two.
        let drift = (0..<20).map { 1 + 0.3 * Double($0) / 20 }
        let comparison = SideBySide(samples: [drift.map { 1.01 * $0 }, drift])
        #expect(comparison.order == [1, 0])
        #expect(comparison.isSettled)
        let timings = comparison.timings()
        #expect(!timings[0].isTied(withFastest: timings[1]))
    }

    @Test("near-equals are ties and stay unsettled")
    func ties() {
        let wave = (0..<20).map { $0.isMultiple(of: 2) ? 1.0 : 1.02 }
        let comparison = SideBySide(samples: [wave, wave.reversed()])
        #expect(!comparison.isSettled)
        let timings = comparison.timings()
        #expect(timings[1].isTied(withFastest: timings[0]))
        #expect(timings[0].isTied(withFastest: timings[0]))
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
