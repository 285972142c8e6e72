internal import ConfigSpace
internal import Foundation
internal import Measurement

/// What is known of configs, as surrogates learn it: encoded configs and the logarithms of their times.
struct Observations: Sendable {
    private(set) var rows: [[UInt8]] = []
    /// Of log ms; what failed counts as slow as the slowest.
    private(set) var values: [Double] = []
    let featureCount: Int

    var count: Int { rows.count }
    var least: Double { values.min() ?? 0 }

    init(featureCount: Int) {
        self.featureCount = featureCount
    }

    /// Nil where nothing was measured yet.
    init?(_ history: History, _ encoding: ConfigEncoding) {
        guard let slowest = history.entries.lazy.compactMap(\.timeMs).max() else { return nil }
        self.init(featureCount: encoding.featureCount)
        for entry in history.entries where entry.timeMs != nil || entry.evaluation.outcome != .notRecorded {
            append(encoding.bins(of: entry.config), log(entry.timeMs ?? slowest))
        }
    }

    mutating func append(_ row: [UInt8], _ value: Double) {
        rows.append(row)
        values.append(value)
    }

    /// At most `most` of them, for what takes long with many: the best ones, two thirds, and the others evenly by rank.
    func thinned(to most: Int) -> Observations {
        guard count > most else { return self }
        let ranked = rows.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let best = most * 2 / 3
        let others = most - best
        let spread = (0..<others).map { best + $0 * (count - best) / others }
        var thinned = Observations(featureCount: featureCount)
        for place in Array(0..<best) + spread { thinned.append(rows[ranked[place]], values[ranked[place]]) }
        return thinned
    }
}

/// What a surrogate expects of a config, in log ms.
struct Prediction: Sendable {
    var mean: Double
    var variance: Double

    /// By how much the config is expected to be below `best`, cases where it is not counting nothing (Jones, Schonlau and
    /// Welch, Efficient Global Optimization, 1998).
    func expectedImprovement(below best: Double) -> Double {
        let deviation = max(variance, 1e-10).squareRoot()
        let distance = (best - mean) / deviation
        let density = exp(-distance * distance / 2) / (2 * Double.pi).squareRoot()
        return deviation * (distance * erfc(-distance / 2.0.squareRoot()) / 2 + density)
    }
}
