internal import Foundation

/// The Matérn kernel of smoothness 5/2 (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, 4.2.1), over
/// the squared distance in lengths.
enum Matern {
    static func value(_ squared: Double) -> Double { valueAndSlope(squared).value }

    /// With the derivative by the squared distance.
    static func valueAndSlope(_ squared: Double) -> (value: Double, slope: Double) {
        let distance = (5 * squared).squareRoot()
        let power = exp(-distance)
        return ((1 + distance + distance * distance / 3) * power, -5.0 / 6 * (1 + distance) * power)
    }

    /// Eight values at once, to six digits.
    @inline(__always)
    static func value(_ squared: SIMD8<Float>) -> SIMD8<Float> {
        let distance = (5 * squared).squareRoot()
        return (1 + distance + distance * distance * (1.0 / 3)) * exponential(ofMinus: distance)
    }

    /// Of positive numbers: the series to the sixth power for a sixteenth of each, squared four times. What is below e⁻²⁰ is
    /// taken for that.
    @inline(__always)
    private static func exponential(ofMinus number: SIMD8<Float>) -> SIMD8<Float> {
        let part = number.replacing(with: 20, where: number .> 20) * (-1.0 / 16)
        var power = 1 + part * (1.0 / 6)
        power = 1 + part * (1.0 / 5) * power
        power = 1 + part * (1.0 / 4) * power
        power = 1 + part * (1.0 / 3) * power
        power = 1 + part * (1.0 / 2) * power
        power = 1 + part * power
        for _ in 0..<4 { power *= power }
        return power
    }
}
