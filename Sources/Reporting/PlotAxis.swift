internal import Foundation

/// From the values of one axis of a plot to places on it, and the values that are written beside it.
struct PlotAxis {
    let isLogarithmic: Bool
    let ticks: [Double]
    private let low: Double
    private let high: Double
    private let start: Double
    private let end: Double

    private static let mostTicks = 9

    /// - Parameters:
    ///   - values: positive; their range and a margin is what the axis shows.
    ///   - start: where the least of them is put; `end` may lie before it.
    init(_ values: [Double], isLogarithmic: Bool, margin: Double = 0, from start: Double, to end: Double) {
        self.isLogarithmic = isLogarithmic
        self.start = start
        self.end = end
        let scaled = values.map { isLogarithmic ? log10($0) : $0 }
        var (low, high) = (scaled.min() ?? 0, scaled.max() ?? 1)
        if high - low < 1e-9 * max(1, abs(high)) {
            let half = isLogarithmic ? 0.1 : max(abs(high) * 0.05, 1e-9)
            (low, high) = (low - half, high + half)
        }
        let space = margin * (high - low)
        (self.low, self.high) = (low - space, high + space)
        ticks = isLogarithmic ? Self.logarithmicTicks(self.low, self.high) : Self.linearTicks(self.low, self.high)
    }

    func place(_ value: Double) -> Double {
        let scaled = isLogarithmic ? log10(value) : value
        return start + (scaled - low) / (high - low) * (end - start)
    }

    /// 1, 2, 5, 10, …, or less where these are too many; round numbers where the range holds fewer than two of them.
    private static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
        let exponents = Int(low.rounded(.down))...Int(high.rounded(.up))
        for steps in [[1.0, 2, 5], [1]] {
            let ticks = exponents.flatMap { exponent in steps.map { $0 * pow(10, Double(exponent)) } }
                .filter { (low...high).contains(log10($0)) }
            if ticks.count < 2 { return linearTicks(pow(10, low), pow(10, high)) }
            if ticks.count <= mostTicks { return ticks }
        }
        let every = (exponents.count + mostTicks - 1) / mostTicks
        return exponents.filter { $0 % every == 0 && (low...high).contains(Double($0)) }.map { pow(10, Double($0)) }
    }

    private static func linearTicks(_ low: Double, _ high: Double) -> [Double] {
        let unit = pow(10, log10((high - low) / 5).rounded(.down))
        let step = [1.0, 2, 5, 10].map { $0 * unit }.first { (high - low) / $0 <= 6 } ?? 10 * unit
        return (Int((low / step).rounded(.up))...max(Int((low / step).rounded(.up)), Int((high / step).rounded(.down))))
            .map { Double($0) * step }.filter { (low...high).contains($0) }
    }
}
