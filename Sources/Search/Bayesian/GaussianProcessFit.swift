internal import Foundation

/// What a Gaussian process is tuned by.
struct Hyperparameters: Sendable {
    /// By feature: the distance, as a share of its range, over which values stay alike.
    var logLengths: [Double]
    /// The variance of a single measurement, over that of the function.
    var logNoise: Double

    /// Where the fit begins, and what it is drawn to while there is little data.
    static let priorLogLength = log(0.3)
    static let priorLogNoise = log(1e-3)

    init(featureCount: Int) {
        logLengths = Array(repeating: Self.priorLogLength, count: featureCount)
        logNoise = Self.priorLogNoise
    }
}

/// Finds the hyperparameters of greatest posterior density: the marginal likelihood, with the function's variance at its
/// best value, and a log-normal prior of width 1 (Rasmussen and Williams, 5.4.1).
struct GaussianProcessFit {
    private let values: [Double]
    private let featureCount: Int
    /// Four features at a time.
    private typealias Lanes = SIMD4<Double>
    private let width: Int
    /// For each pair of rows, the lower triangle in order, the squared difference in each feature.
    private let squares: [Lanes]

    /// Rows that are fitted to, at most: the cost grows with the third power.
    private static let mostKnown = 80

    init(_ all: Observations, units: [Double]) {
        let known = all.thinned(to: Self.mostKnown)
        values = known.values.map(Scaling(known.values).scaled)
        featureCount = units.count
        width = (featureCount + Lanes.scalarCount - 1) / Lanes.scalarCount
        let points = (0..<known.count).map { row in
            Self.lanes(zip(known.rows.row(row), units).map { Double($0) * $1 })
        }
        var squares: [Lanes] = []
        squares.reserveCapacity(known.count * (known.count + 1) / 2 * width)
        for row in 0..<known.count {
            for column in 0...row {
                for place in 0..<width {
                    let distance = points[row][place] - points[column][place]
                    squares.append(distance * distance)
                }
            }
        }
        self.squares = squares
    }

    private static func lanes(_ numbers: [Double]) -> [Lanes] {
        stride(from: 0, to: numbers.count, by: Lanes.scalarCount).map { first in
            var lanes = Lanes.zero
            for (lane, number) in numbers[first...].prefix(Lanes.scalarCount).enumerated() { lanes[lane] = number }
            return lanes
        }
    }

    /// By resilient propagation (Riedmiller and Braun 1993): only the signs of the gradient are used, so it needs no line
    /// search and no scale.
    func best(steps: Int = 20) -> Hyperparameters {
        var current = Hyperparameters(featureCount: featureCount)
        var best = (cost: Double.infinity, hyperparameters: current)
        var widths = [Double](repeating: 0.2, count: featureCount + 1)
        var last = [Double](repeating: 0, count: featureCount + 1)
        for _ in 0..<steps {
            var (cost, gradient) = cost(current)
            if cost < best.cost { best = (cost, current) }
            for index in gradient.indices {
                let turn = gradient[index] * last[index]
                if turn > 0 { widths[index] = min(widths[index] * 1.2, 1) }
                if turn < 0 {
                    widths[index] = max(widths[index] / 2, 1e-3)
                    gradient[index] = 0
                }
                let step = gradient[index] > 0 ? -widths[index] : gradient[index] < 0 ? widths[index] : 0
                if index < featureCount { current.logLengths[index] += step } else { current.logNoise += step }
            }
            last = gradient
        }
        return best.hyperparameters
    }

    /// The negative logarithm of the posterior density, and its gradient: by the lengths, then by the noise.
    private func cost(_ hyperparameters: Hyperparameters) -> (cost: Double, gradient: [Double]) {
        let count = values.count
        let scales = Self.lanes(hyperparameters.logLengths.map { exp(-2 * $0) })
        let noise = exp(hyperparameters.logNoise)
        var matrix = [Double](repeating: 0, count: count * count)
        var slopes: [Double] = []
        slopes.reserveCapacity(squares.count / max(width, 1))
        var pair = 0
        for row in 0..<count {
            for column in 0...row {
                var squared = Lanes.zero
                for place in 0..<width { squared += squares[pair + place] * scales[place] }
                let covariance = Matern.valueAndSlope(squared.sum())
                matrix[row * count + column] = covariance.value + (row == column ? noise : 0)
                slopes.append(covariance.slope)
                pair += width
            }
        }
        let factor = Cholesky(matrix, count: count)
        let inverse = factor.inverseColumns()
        let whitened = factor.solveLower(values)
        let variance = max(whitened.reduce(0) { $0 + $1 * $1 } / Double(count), 1e-12)
        var weights = [Double](repeating: 0, count: count)
        for row in 0..<count {
            weights[row] = dot(inverse.span, row * count + row, whitened.span, row, count: count - row)
        }
        var cost = Double(count) / 2 * log(variance)
        for row in 0..<count { cost += log(factor.lower[row * count + row]) }
        var byLength = [Lanes](repeating: .zero, count: width)
        var byNoise = 0.0
        pair = 0
        for row in 0..<count {
            for column in 0...row {
                let entry = dot(
                    inverse.span, row * count + row, inverse.span, column * count + row, count: count - row)
                let slope = (entry - weights[row] * weights[column] / variance) / 2
                if row == column {
                    byNoise += slope * noise
                } else {
                    let common = -4 * slope * slopes[pair]
                    for place in 0..<width { byLength[place] += common * squares[pair * width + place] }
                }
                pair += 1
            }
        }
        for place in 0..<width { byLength[place] *= scales[place] }
        var gradient = (0..<featureCount).map { byLength[$0 / Lanes.scalarCount][$0 % Lanes.scalarCount] } + [byNoise]
        for feature in 0..<featureCount {
            let off = hyperparameters.logLengths[feature] - Hyperparameters.priorLogLength
            cost += off * off / 2
            gradient[feature] += off
        }
        let off = hyperparameters.logNoise - Hyperparameters.priorLogNoise
        gradient[featureCount] += off
        return (cost + off * off / 2, gradient)
    }
}
