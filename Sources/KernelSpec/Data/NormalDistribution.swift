enum NormalDistribution {
    /// The value that a standard normal stays below with probability `p`, 0 < p < 1, to about 1 part in 10^16.
    ///
    /// Source: M. J. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics
    /// 37 (1988), PPND16. Made of + - * / and square roots alone, which IEEE 754 fixes to the last bit, so that it gives
    /// the same on every machine.
    static func quantile(_ p: Double) -> Double {
        let q = p - 0.5
        if abs(q) <= 0.425 {
            let r = 0.180625 - q * q
            return q * polynomial(centreNumerator, r) / polynomial(centreDenominator, r)
        }
        let r = (-logarithm(q < 0 ? p : 1 - p)).squareRoot()
        let tail =
            r <= 5
            ? polynomial(middleNumerator, r - 1.6) / polynomial(middleDenominator, r - 1.6)
            : polynomial(farNumerator, r - 5) / polynomial(farDenominator, r - 5)
        return q < 0 ? -tail : tail
    }

    /// The natural logarithm of a positive normal number, by 2 artanh((m - 1) / (m + 1)) of its significand m in
    /// [sqrt(1/2), sqrt(2)).
    ///
    /// The C library's may differ in the last bit from one machine to the next.
    static func logarithm(_ x: Double) -> Double {
        var exponent = Double(x.exponent)
        var significand = x.significand
        if significand > 1.4142135623730951 {
            significand /= 2
            exponent += 1
        }
        let s = (significand - 1) / (significand + 1)
        let square = s * s
        // s^2 < 0.0295, so that the first term left out, s^24 / 25, is below 2^-60.
        var sum = 1.0 / 23
        for odd in stride(from: 21.0, through: 1.0, by: -2.0) { sum = sum * square + 1 / odd }
        // ln 2 in two parts, the first with trailing zeros, so that its multiples are exact.
        return exponent * 0x1.62E42FEFA38p-1 + (2 * s * sum + exponent * 0x1.EF35793C7673p-45)
    }

    private typealias Coefficients = (Double, Double, Double, Double, Double, Double, Double, Double)

    @inline(__always)
    private static func polynomial(_ c: Coefficients, _ x: Double) -> Double {
        ((((((c.7 * x + c.6) * x + c.5) * x + c.4) * x + c.3) * x + c.2) * x + c.1) * x + c.0
    }

    private static var centreNumerator: Coefficients {
        (
            3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
            4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3
        )
    }
    private static var centreDenominator: Coefficients {
        (
            1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
            3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3
        )
    }
    private static var middleNumerator: Coefficients {
        (
            1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
            1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4
        )
    }
    private static var middleDenominator: Coefficients {
        (
            1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
            1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9
        )
    }
    private static var farNumerator: Coefficients {
        (
            6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
            2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7
        )
    }
    private static var farDenominator: Coefficients {
        (
            1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
            7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15
        )
    }
}
