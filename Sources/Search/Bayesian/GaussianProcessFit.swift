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

/// The Matérn kernel of smoothness 5/2 (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, 4.2.1), over
/// the squared distance in lengths.
enum Matern {
    static func value(_ squared: Double) -> Double {
        let distance = (5 * squared).squareRoot()
        return (1 + distance + distance * distance / 3) * exp(-distance)
    }

    /// The derivative by the squared distance.
    static func slope(_ squared: Double) -> Double {
        let distance = (5 * squared).squareRoot()
        return -5.0 / 6 * (1 + distance) * exp(-distance)
    }
}

/// Finds the hyperparameters of greatest posterior density: the marginal likelihood, with the function's variance at its
/// best value, and a log-normal prior of width 1 (Rasmussen and Williams, 5.4.1).
struct GaussianProcessFit {
    private let values: [Double]
    private let featureCount: Int
    /// For each pair of rows, the lower triangle in order, the squared difference in each feature.
    private var squares: [Double] = []

    init(points: [[Double]], values: [Double]) {
        self.values = values
        featureCount = points.first?.count ?? 0
        squares.reserveCapacity(points.count * (points.count + 1) / 2 * featureCount)
        for row in points.indices {
            for column in 0...row {
                for (left, right) in zip(points[row], points[column]) {
                    squares.append((left - right) * (left - right))
                }
            }
        }
    }

    /// By resilient propagation (Riedmiller and Braun 1993): only the signs of the gradient are used, so it needs no line
    /// search and no scale.
    func best(steps: Int) -> Hyperparameters {
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
            for index in row..<count { weights[row] += inverse[row * count + index] * whitened[index] }
        }
        var cost = Double(count) / 2 * log(variance)
        for row in 0..<count { cost += log(factor.lower[row * count + row]) }
        var gradient = [Double](repeating: 0, count: featureCount + 1)
        pair = 0
        for row in 0..<count {
            for column in 0...row {
                var entry = 0.0
                for index in row..<count { entry += inverse[row * count + index] * inverse[column * count + index] }
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
