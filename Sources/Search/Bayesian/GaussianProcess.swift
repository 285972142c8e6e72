internal import Foundation

/// A Gaussian process over encoded configs: it tells how fast a config is expected to be, and how little is known of it,
/// from all that are like it.
///
/// Each feature has a length of its own, so that what does not matter is not looked at.
struct GaussianProcess: Sendable {
    /// Of the known rows, in lengths: row after row.
    private let points: [Float]
    private let count: Int
    /// L of the known rows' covariance, row after row, and one over what is on its diagonal.
    private let lower: [Float]
    private let diagonal: [Float]
    /// L⁻¹·values.
    private let whitened: [Float]
    private let mean: Double
    private let deviation: Double
    /// Of the function, over the values as they are scaled.
    private let variance: Double
    /// What a bin is multiplied by: its feature's range is one, over its length.
    private let scales: [Float]

    /// Rows that predictions are made from, at most: their costs grow with the second power.
    private static let mostKnown = 150

    /// - Parameters:
    ///   - units: what a bin is multiplied by for its feature's range to be one.
    ///   - fitted: of values that are scaled to mean 0 and deviation 1.
    init(_ all: Observations, units: [Double], fitted: Hyperparameters) {
        let known = all.thinned(to: Self.mostKnown)
        let scaling = Scaling(known.values)
        let scales = zip(units, fitted.logLengths).map { $0 * exp(-$1) }
        let placed = known.rows.scaled(by: scales)
        let (count, width) = (known.count, scales.count)
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                var squared = 0.0
                for feature in 0..<width {
                    let distance = placed[row * width + feature] - placed[column * width + feature]
                    squared += distance * distance
                }
                matrix[row * count + column] = Matern.value(squared) + (row == column ? exp(fitted.logNoise) : 0)
            }
        }
        let factor = Cholesky(matrix, count: count)
        let whitened = factor.solveLower(known.values.map(scaling.scaled))
        variance = whitened.reduce(0) { $0 + $1 * $1 } / Double(count)
        points = placed.map(Float.init)
        self.count = count
        diagonal = (0..<count).map { Float(1 / factor.lower[$0 * count + $0]) }
        lower = factor.lower.map(Float.init)
        self.whitened = whitened.map(Float.init)
        (mean, deviation) = (scaling.mean, scaling.deviation)
        self.scales = scales.map(Float.init)
    }

    /// Eight rows at a time.
    private typealias Lanes = SIMD8<Float>

    func predict(_ rows: BinMatrix) -> [Prediction] {
        var predictions: [Prediction] = []
        predictions.reserveCapacity(rows.count)
        var places = [Lanes](repeating: .zero, count: scales.count)
        var projected = [Lanes](repeating: .zero, count: count)
        for first in stride(from: 0, to: rows.count, by: Lanes.scalarCount) {
            let lanes = min(Lanes.scalarCount, rows.count - first)
            for feature in scales.indices {
                var bins = Lanes.zero
                for lane in 0..<lanes { bins[lane] = Float(rows.bins[(first + lane) * scales.count + feature]) }
                places[feature] = bins * scales[feature]
            }
            let (mean, left) = predict(places.span, &projected)
            for lane in 0..<lanes {
                predictions.append(
                    Prediction(
                        mean: self.mean + Double(mean[lane]) * deviation,
                        variance: max(0, Double(left[lane])) * variance * deviation * deviation))
            }
        }
        return predictions
    }

    /// The mean, and the share of the variance that is left.
    private func predict(_ places: Span<Lanes>, _ projected: inout [Lanes]) -> (mean: Lanes, left: Lanes) {
        var (mean, left) = (Lanes.zero, Lanes.one)
        let (points, lower) = (points.span, lower.span)
        var projected = projected.mutableSpan
        for known in 0..<count {
            let point = points.extracting(known * places.count..<(known + 1) * places.count)
            var squared = Lanes.zero
            for feature in places.indices {
                let distance = places[feature] - point[feature]
                squared += distance * distance
            }
            let row = lower.extracting(known * count..<known * count + known)
            // In two sums, so that an addition need not wait for the one before it.
            var (sum, other) = (Matern.value(squared), Lanes.zero)
            var earlier = 0
            while earlier + 2 <= known {
                sum -= row[earlier] * projected[earlier]
                other -= row[earlier + 1] * projected[earlier + 1]
                earlier += 2
            }
            if earlier < known { sum -= row[earlier] * projected[earlier] }
            let value = (sum + other) * diagonal[known]
            projected[known] = value
            mean += value * whitened[known]
            left -= value * value
        }
        return (mean, left)
    }
}

/// Values as they are learned: with mean 0 and deviation 1.
struct Scaling: Sendable {
    let mean: Double
    let deviation: Double

    init(_ values: [Double]) {
        let mean = values.reduce(0, +) / Double(values.count)
        let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        self.mean = mean
        deviation = max(spread, 1e-12).squareRoot()
    }

    func scaled(_ value: Double) -> Double { (value - mean) / deviation }
}

extension BinMatrix {
    /// Row after row, each bin multiplied by what its feature has in `scales`.
    func scaled(by scales: [Double]) -> [Double] {
        var scaled: [Double] = []
        scaled.reserveCapacity(bins.count)
        for row in 0..<count {
            for feature in scales.indices {
                scaled.append(Double(bins[row * featureCount + feature]) * scales[feature])
            }
        }
        return scaled
    }
}
