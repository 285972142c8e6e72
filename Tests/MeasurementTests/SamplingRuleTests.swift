import Testing

@testable import Measurement

@Suite("When a config has samples enough")
struct SamplingRuleTests {
    @Test("a config far slower than the best is abandoned after its first samples")
    func abandons() {
        let rule = SamplingRule(limits: SamplingLimits(), bestMs: 1)
        #expect(rule.decide(samples: [], seconds: 0) == .take(3))
        #expect(rule.decide(samples: [2.1, 2.2, 2.3], seconds: 0.01) == .abandon)
        #expect(rule.decide(samples: [2.1, 1.9, 2.3], seconds: 0.01) == .take(2))
    }

    @Test("however slow the kernel, at least five samples are taken")
    func minimum() {
        let rule = SamplingRule(limits: SamplingLimits(), bestMs: nil)
        #expect(rule.decide(samples: [5_000, 5_000, 5_000], seconds: 15) == .take(2))
        #expect(rule.decide(samples: [5_000, 5_100, 5_200, 5_300, 4_000], seconds: 25) == .enough)
    }

    @Test("sampling stops when the median is known to one percent")
    func precise() {
        let rule = SamplingRule(limits: SamplingLimits(), bestMs: 1)
        #expect(rule.decide(samples: [1, 1.001, 1.002, 1.003, 1.004], seconds: 0.02) == .enough)
        #expect(rule.decide(samples: [1, 1.1, 1.2, 1.3, 1.4], seconds: 0.02) == .take(25))
    }

    @Test("chunks grow with what a sample costs, and never past the limits")
    func chunks() {
        var rule = SamplingRule(limits: SamplingLimits(), bestMs: nil)
        let noisy = [1, 1.1, 1.2, 1.3, 1.4]
        #expect(rule.decide(samples: noisy, seconds: 0.75) == .take(1))
        #expect(rule.decide(samples: noisy, seconds: 0.000_5) == .take(195))
        let many = (0..<200).map { Double(1 + $0 % 2) }
        #expect(rule.decide(samples: many, seconds: 0.02) == .take(300))
        rule.limits.maximumSamples = 5
        #expect(rule.decide(samples: noisy, seconds: 0.02) == .enough)
    }

    @Test("samples of a fast kernel go on for 20 ms, however steady they are")
    func least() {
        let rule = SamplingRule(limits: SamplingLimits(), bestMs: 1)
        #expect(rule.decide(samples: [1, 1, 1, 1, 1], seconds: 0.005) == .take(15))
    }

    @Test("what is near the best is a contender, and so is the first")
    func contenders() {
        #expect(SamplingRule(limits: SamplingLimits(), bestMs: nil).isContender([7]))
        let rule = SamplingRule(limits: SamplingLimits(), bestMs: 1)
        #expect(rule.isContender([0.9, 1.04, 2]))
        #expect(!rule.isContender([1.1, 1.1, 1]))
    }
}
