import Testing

@testable import Measurement

@Suite("How near is near enough")
struct ToleranceTests {
    private let tolerance = Tolerance(relative: 0.01, absolute: 0.001)

    @Test("the absolute part grows with the reference's root mean square, from 1")
    func absolute() {
        #expect(tolerance.mismatch([0.001, 0], reference: [0, 0]) == nil)
        #expect(tolerance.mismatch([0.002, 0], reference: [0, 0])?.index == 0)
        // rms 1000: 1 is near enough to 0.
        #expect(tolerance.mismatch([1, 1_000 * 2.0.squareRoot()], reference: [0, 1_000 * 2.0.squareRoot()]) == nil)
    }

    @Test("the relative part goes by the reference's element")
    func relative() {
        #expect(tolerance.mismatch([100.9], reference: [100]) == nil)
        #expect(
            tolerance.mismatch([100, 103, 104], reference: [100, 100, 100])
                == .init(index: 1, value: 103, expected: 100, offCount: 2, count: 3))
    }

    @Test("NaN never passes, an infinity only as the same infinity, and none widens the tolerance")
    func notFinite() {
        #expect(tolerance.mismatch([.nan], reference: [1])?.index == 0)
        #expect(tolerance.mismatch([.infinity], reference: [.infinity]) == nil)
        #expect(tolerance.mismatch([-.infinity], reference: [.infinity])?.index == 0)
        #expect(tolerance.mismatch([5], reference: [.infinity])?.index == 0)
        #expect(tolerance.mismatch([.infinity], reference: [5])?.index == 0)
        #expect(tolerance.mismatch([.infinity, 3], reference: [.infinity, 1])?.index == 1)
    }
}
