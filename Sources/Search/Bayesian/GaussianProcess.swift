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
    /// L⁻¹·values, and what the covariances with a row are weighted by in its mean.
    private let whitened: [Float]
    private let weights: [Float]
    /// The share of the square of a covariance that the variance loses by one known row alone.
    private let nearestTells: Float
    private let mean: Double
    private let deviation: Double
    /// Of the function, over the values as they are scaled.
    private let variance: Double
    /// What a bin is multiplied by: its feature's range is one, over its length.
    private let scales: [Float]

    /// Rows that predictions are made from, at most: their costs grow with the second power.
    private static let mostKnown = 100

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
        weights = factor.solveUpper(whitened).map(Float.init)
        nearestTells = Float(1 / (1 + exp(fitted.logNoise)))
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

    /// The rows that are expected to be furthest below `least`, the first of them first.
    ///
    /// The variance takes the square of what the mean does. So it is found for those rows alone that could be among the best: of a
    /// row at least that much is known as the known row nearest to it tells.
    func mostImproving(_ rows: BinMatrix, below least: Double, most: Int) -> [Expectation] {
        let covariances = covariances(of: rows)
        let bounds = (0..<rows.count).map { row in
            let (block, lane) = row.quotientAndRemainder(dividingBy: Lanes.scalarCount)
            return prediction(covariances.means[block][lane], left: covariances.mostLeft[block][lane])
                .expectedImprovement(below: least)
        }
        let order = bounds.indices.sorted { (bounds[$1], $0) < (bounds[$0], $1) }
        var best: [Expectation] = []
        for first in stride(from: 0, to: order.count, by: Lanes.scalarCount) {
            if best.count == most, let last = best.last, bounds[order[first]] <= last.value { break }
            let some = order[first..<min(first + Lanes.scalarCount, order.count)]
            let (means, left) = solve(some, covariances.values)
            for (lane, row) in some.enumerated() {
                let prediction = prediction(means[lane], left: left[lane])
                let value = prediction.expectedImprovement(below: least)
                best.append(Expectation(row: row, mean: prediction.mean, value: value))
            }
            best = best.greatest(most)
        }
        return best
    }

    /// - Parameters:
    ///   - mean: as values are scaled.
    ///   - left: of the function's variance, the share that is not known.
    private func prediction(_ mean: Float, left: Float) -> Prediction {
        Prediction(
            mean: self.mean + Double(mean) * deviation,
            variance: max(0, Double(left)) * variance * deviation * deviation)
    }

    /// What rows have to do with the known ones.
    private struct Covariances {
        /// With each of the known rows, for eight rows after another.
        var values: [Lanes] = []
        var means: [Lanes] = []
        /// The most that the share of the variance that is left can be.
        var mostLeft: [Lanes] = []
    }

    private func covariances(of rows: BinMatrix) -> Covariances {
        var covariances = Covariances()
        let blocks = (rows.count + Lanes.scalarCount - 1) / Lanes.scalarCount
        covariances.values.reserveCapacity(blocks * count)
        var places = [Lanes](repeating: .zero, count: scales.count)
        for first in stride(from: 0, to: rows.count, by: Lanes.scalarCount) {
            for feature in scales.indices {
                var bins = Lanes.zero
                for lane in 0..<min(Lanes.scalarCount, rows.count - first) {
                    bins[lane] = Float(rows.bins[(first + lane) * scales.count + feature])
                }
                places[feature] = bins * scales[feature]
            }
            var (mean, greatest) = (Lanes.zero, Lanes.zero)
            let (points, places) = (points.span, places.span)
            for known in 0..<count {
                let point = points.extracting(known * places.count..<(known + 1) * places.count)
                var squared = Lanes.zero
                for feature in places.indices {
                    let distance = places[feature] - point[feature]
                    squared += distance * distance
                }
                let value = Matern.value(squared)
                covariances.values.append(value)
                mean += value * weights[known]
                greatest.replace(with: value, where: value .> greatest)
            }
            covariances.means.append(mean)
            covariances.mostLeft.append(1 - greatest * greatest * nearestTells)
        }
        return covariances
    }

    /// For at most eight rows the mean, and the share of the variance that is left.
    private func solve(_ rows: ArraySlice<Int>, _ covariances: [Lanes]) -> (means: Lanes, left: Lanes) {
        var (means, left) = (Lanes.zero, Lanes.one)
        var projected = [Lanes](repeating: .zero, count: count)
        for (lane, row) in rows.enumerated() {
            let (block, other) = row.quotientAndRemainder(dividingBy: Lanes.scalarCount)
            for known in 0..<count { projected[known][lane] = covariances[block * count + known][other] }
        }
        for known in 0..<count {
            let row = lower.span.extracting(known * count..<known * count + known)
            // In two sums, so that an addition need not wait for the one before it.
            var (sum, other) = (projected[known], Lanes.zero)
            var earlier = 0
            while earlier + 2 <= known {
                sum -= row[earlier] * projected[earlier]
                other -= row[earlier + 1] * projected[earlier + 1]
                earlier += 2
            }
            if earlier < known { sum -= row[earlier] * projected[earlier] }
            let value = (sum + other) * diagonal[known]
            projected[known] = value
            means += value * whitened[known]
            left -= value * value
        }
        return (means, left)
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
