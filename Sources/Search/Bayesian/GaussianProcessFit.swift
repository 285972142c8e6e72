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
    /// For each pair of rows, the lower triangle in order, the squared difference in each feature.
    private var squares: [Double] = []

    /// Rows that are fitted to, at most: the cost grows with the third power.
    private static let mostKnown = 80

    init(_ all: Observations, units: [Double]) {
        let known = all.thinned(to: Self.mostKnown)
        values = known.values.map(Scaling(known.values).scaled)
        featureCount = units.count
        let points = known.rows.scaled(by: units)
        squares.reserveCapacity(known.count * (known.count + 1) / 2 * featureCount)
        for row in 0..<known.count {
            for column in 0...row {
                for feature in 0..<featureCount {
                    let distance = points[row * featureCount + feature] - points[column * featureCount + feature]
                    squares.append(distance * distance)
                }
            }
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
        let scales = hyperparameters.logLengths.map { exp(-2 * $0) }
        let noise = exp(hyperparameters.logNoise)
        var matrix = [Double](repeating: 0, count: count * count)
        var distances = matrix
        var pair = 0
        for row in 0..<count {
            for column in 0...row {
                var squared = 0.0
                for feature in 0..<featureCount { squared += squares[pair + feature] * scales[feature] }
                distances[row * count + column] = squared
                matrix[row * count + column] = Matern.value(squared) + (row == column ? noise : 0)
                pair += featureCount
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
        var gradient = [Double](repeating: 0, count: featureCount + 1)
        pair = 0
        for row in 0..<count {
            for column in 0...row {
                let entry = dot(
                    inverse.span, row * count + row, inverse.span, column * count + row, count: count - row)
                let slope = (entry - weights[row] * weights[column] / variance) / 2
                if row == column {
                    gradient[featureCount] += slope * noise
                } else {
                    let common = -4 * slope * Matern.slope(distances[row * count + column])
                    for feature in 0..<featureCount {
                        gradient[feature] += common * squares[pair + feature] * scales[feature]
                    }
                }
                pair += featureCount
            }
        }
        for feature in 0..<featureCount {
            let off = hyperparameters.logLengths[feature] - Hyperparameters.priorLogLength
            cost += off * off / 2
            gradient[feature] += off
        }
        let off = hyperparameters.logNoise - Hyperparameters.priorLogNoise
        return (cost + off * off / 2, gradient.dropLast() + [gradient[featureCount] + off])
    }
}
