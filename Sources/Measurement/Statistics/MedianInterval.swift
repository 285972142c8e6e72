/// Where the median of a population lies, judged from samples by order statistics: no assumption about how the samples
/// are distributed, which for timings (one-sided, with outliers) matters.
public struct MedianInterval: Sendable, Equatable {
    /// The sample median.
    public let median: Double
    /// The bounds, themselves samples.
    public let low: Double
    public let high: Double
    /// The probability that the bounds enclose the population's median, at least the one asked for if there were enough
    /// samples: 95 % needs 6, 99 % needs 8. With fewer the bounds are the smallest and largest sample.
    public let coverage: Double

    /// Nil when there are no samples.
    ///
    /// The bounds are the k-th smallest and k-th largest sample with the largest k for which the binomial tail
    /// 1 - 2 P(B(n, 1/2) < k) still reaches `confidence` (David and Nagaraja, Order Statistics, section 7.1).
    public init?(of samples: [Double], confidence: Double = 0.95) {
        guard !samples.isEmpty else { return nil }
        let sorted = samples.sorted()
        let count = sorted.count
        var rank = 1
        var coverage = 1 - 2 * Self.tail(below: 1, of: count)
        while rank + 1 <= count / 2 {
            let next = 1 - 2 * Self.tail(below: rank + 1, of: count)
            guard next >= confidence else { break }
            rank += 1
            coverage = next
        }
        self.median = Self.median(ofSorted: sorted)
        self.low = sorted[rank - 1]
        self.high = sorted[count - rank]
        self.coverage = max(0, coverage)
    }

    /// Half the interval's width over the median: 0.01 means that the median is known to about 1 %.
    public var relativeHalfWidth: Double {
        median > 0 ? (high - low) / (2 * median) : 0
    }

    /// The middle sample, or the mean of the two in the middle; nil when there are none.
    public static func median(of samples: [Double]) -> Double? {
        samples.isEmpty ? nil : median(ofSorted: samples.sorted())
    }

    private static func median(ofSorted sorted: [Double]) -> Double {
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// P(B(n, 1/2) < k), by summing the binomial terms; beyond 1,000 trials the normal approximation with continuity
    /// correction is closer than any use of it here can tell, and the first term would soon underflow.
    private static func tail(below k: Int, of n: Int) -> Double {
        if n > 1_000 {
            let deviations = (Double(k) - 0.5 - Double(n) / 2) / (Double(n).squareRoot() / 2)
            return normalCumulative(deviations)
        }
        var term = 1.0
        for _ in 0..<n { term /= 2 }
        var sum = 0.0
        for successes in 0..<k {
            sum += term
            term *= Double(n - successes) / Double(successes + 1)
        }
        return sum
    }

    /// The standard normal distribution function left of zero (Abramowitz and Stegun 26.2.17, error below 7.5e-8).
    private static func normalCumulative(_ x: Double) -> Double {
        guard x < 0 else { return 1 - (x == 0 ? 0.5 : normalCumulative(-x)) }
        let t = 1 / (1 - 0.2316419 * x)
        let polynomial =
            t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
        return exponential(-x * x / 2) * 0.3989422804014327 * polynomial
    }

    /// exp for arguments of 0 and below, by halving the argument into the series' reach.
    private static func exponential(_ x: Double) -> Double {
        guard x > -700 else { return 0 }
        var reduced = x
        var halvings = 0
        while reduced < -0.5 {
            reduced /= 2
            halvings += 1
        }
        var term = 1.0
        var sum = 1.0
        for index in 1...16 {
            term *= reduced / Double(index)
            sum += term
        }
        for _ in 0..<halvings { sum *= sum }
        return sum
    }
}
