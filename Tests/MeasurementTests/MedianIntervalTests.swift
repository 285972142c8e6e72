import Measurement
import Testing

@Suite("The interval of a median")
struct MedianIntervalTests {
    @Test(
        "takes the ranks that the binomial distribution says",
        // Tables of the nonparametric interval of the median: 95 %.
        arguments: [(6, 1), (8, 1), (9, 2), (10, 2), (12, 3), (15, 4), (20, 6), (25, 8), (30, 10), (50, 18), (100, 40)])
    func ranks(count: Int, rank: Int) throws {
        let interval = try #require(MedianInterval(of: (1...count).map(Double.init).reversed()))
        #expect(interval.low == Double(rank))
        #expect(interval.high == Double(count + 1 - rank))
        #expect(interval.coverage >= 0.95)
    }

    @Test("of few samples is all of them, and says what it covers")
    func fewSamples() throws {
        let interval = try #require(MedianInterval(of: [3, 1, 2, 5, 4]))
        #expect(interval.low == 1 && interval.median == 3 && interval.high == 5)
        #expect(interval.coverage == 0.9375)
        #expect(MedianInterval(of: []) == nil)
        #expect(MedianInterval(of: [7])?.coverage == 0)
    }

    @Test("of very many samples agrees with the normal approximation")
    func manySamples() throws {
        let interval = try #require(MedianInterval(of: (1...10_000).map(Double.init)))
        // 5000.5 -+ 1.96 * sqrt(10000) / 2
        #expect((4_901...4_904).contains(interval.low))
        #expect((5_097...5_100).contains(interval.high))
    }

    @Test("covers the true median as often as it says")
    func coverage() throws {
        // A fixed linear congruential sequence.
        var state: UInt64 = 42
        func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        var covered = 0
        for _ in 0..<2_000 {
            // Uniform samples: the median is 1/2 whatever monotone function is put on top.
            let interval = try #require(MedianInterval(of: (0..<21).map { _ in next() }))
            if interval.low <= 0.5 && 0.5 <= interval.high { covered += 1 }
        }
        #expect((1_880...1_960).contains(covered))
    }
}
