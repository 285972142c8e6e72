internal import Foundation

/// A Gaussian process over encoded configs: it tells how fast a config is expected to be, and how little is known of it,
/// from all that are like it.
///
/// Each feature has a length of its own, so that what does not matter is not looked at.
struct GaussianProcess: Sendable {
    private let points: [[Float]]
    private let factor: Cholesky
    /// L⁻¹·values.
    private let whitened: [Double]
    private let mean: Double
    private let deviation: Double
    /// Of the function, over the values as they are scaled.
    private let variance: Double
    /// What a bin is multiplied by: its feature's range is one, over its length.
    private let scales: [Double]

    /// Rows that the hyperparameters are fitted on, and that predictions are made from, at most: their costs grow with the
    /// third and the second power.
    private static let (mostFitted, mostKnown) = (80, 150)
    private static let fitSteps = 20

    /// - Parameter ranges: the greatest bin of each feature.
    init(_ all: Observations, ranges: [UInt8]) {
        let known = all.thinned(to: Self.mostKnown)
        let mean = known.values.reduce(0, +) / Double(known.count)
        let spread = known.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)
        let deviation = max(spread, 1e-12).squareRoot()
        let units = ranges.map { 1 / Double(max($0, 1)) }
        func points(_ known: Observations, _ units: [Double]) -> [[Double]] {
            known.rows.map { row in zip(row, units).map { Double($0) * $1 } }
        }
        func scaled(_ known: Observations) -> [Double] { known.values.map { ($0 - mean) / deviation } }
        let few = known.thinned(to: Self.mostFitted)
        let fitted = GaussianProcessFit(points: points(few, units), values: scaled(few)).best(steps: Self.fitSteps)
        let scales = zip(units, fitted.logLengths).map { $0 * exp(-$1) }
        let placed = points(known, scales)
        let count = known.count
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                let squared = zip(placed[row], placed[column]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                matrix[row * count + column] = Matern.value(squared) + (row == column ? exp(fitted.logNoise) : 0)
            }
        }
        factor = Cholesky(matrix, count: count)
        whitened = factor.solveLower(scaled(known))
        variance = whitened.reduce(0) { $0 + $1 * $1 } / Double(count)
        self.points = placed.map { $0.map(Float.init) }
        (self.mean, self.deviation, self.scales) = (mean, deviation, scales)
    }

    /// Eight rows at a time.
    private typealias Lanes = SIMD8<Float>

    func predict(_ rows: [[UInt8]]) -> [Prediction] {
        let blocks = (rows.count + Lanes.scalarCount - 1) / Lanes.scalarCount
        var places = [Lanes](repeating: .zero, count: blocks * scales.count)
        for (index, row) in rows.enumerated() {
            let (block, lane) = index.quotientAndRemainder(dividingBy: Lanes.scalarCount)
            for feature in scales.indices {
                places[block * scales.count + feature][lane] = Float(Double(row[feature]) * scales[feature])
            }
        }
        var predictions: [Prediction] = []
        predictions.reserveCapacity(blocks * Lanes.scalarCount)
        var projected = [Lanes](repeating: .zero, count: points.count)
        for block in 0..<blocks {
            let (mean, left) = predict(places, block: block, &projected)
            for lane in 0..<Lanes.scalarCount {
                predictions.append(
                    Prediction(
                        mean: self.mean + Double(mean[lane]) * deviation,
                        variance: max(0, Double(left[lane])) * variance * deviation * deviation))
            }
        }
        return Array(predictions.prefix(rows.count))
    }

    /// The mean, and the share of the variance that is left.
    private func predict(_ places: [Lanes], block: Int, _ projected: inout [Lanes]) -> (mean: Lanes, left: Lanes) {
        let count = points.count
        var (mean, left) = (Lanes.zero, Lanes.one)
        for known in 0..<count {
            var squared = Lanes.zero
            for feature in scales.indices {
                let distance = places[block * scales.count + feature] - points[known][feature]
                squared += distance * distance
            }
            var value = Lanes.zero
            let distance = (5 * squared).squareRoot()
            for lane in 0..<Lanes.scalarCount { value[lane] = exp(-distance[lane]) }
            value *= Lanes.one + distance + distance * distance / 3
            for earlier in 0..<known { value -= Float(factor.lower[known * count + earlier]) * projected[earlier] }
            value /= Float(factor.lower[known * count + known])
            projected[known] = value
            mean += value * Float(whitened[known])
            left -= value * value
        }
        return (mean, left)
    }
}
