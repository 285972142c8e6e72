internal import ConfigSpace
internal import Foundation
internal import Measurement

/// What is known of configs, as surrogates learn it: encoded configs and the logarithms of their times.
struct Observations: Sendable, Equatable {
    private(set) var rows: BinMatrix
    /// Of log ms; what failed counts as slow as the slowest.
    private(set) var values: [Double] = []

    /// How many of them were measured; those behind are beliefs.
    private(set) var measuredCount = 0

    var count: Int { rows.count }
    var least: Double { values.min() ?? 0 }

    init(featureCount: Int) {
        rows = BinMatrix(featureCount: featureCount)
    }

    /// Nil where nothing was measured yet.
    ///
    /// - Parameter rows: of the history's entries.
    init?(_ history: History, _ rows: BinMatrix) {
        guard let slowest = history.entries.lazy.compactMap(\.timeMs).max() else { return nil }
        self.init(featureCount: rows.featureCount)
        for (index, entry) in history.entries.enumerated() where entry.evaluation.outcome != .notRecorded {
            append(rows.row(index), log(entry.timeMs ?? slowest))
        }
    }

    private mutating func append(_ row: ArraySlice<UInt8>, _ value: Double) {
        rows.append(row)
        values.append(value)
        measuredCount = values.count
    }

    /// Adds what is expected of a config for as long as it is not measured.
    mutating func believe(_ value: Double, of row: ArraySlice<UInt8>) {
        rows.append(row)
        values.append(value)
    }

    /// The first `count` of them.
    func prefix(_ count: Int) -> Observations { at(Array(0..<min(count, self.count))) }

    /// At most `most` of them, for what takes long with many: the best ones, two thirds, and the others evenly by rank.
    func thinned(to most: Int) -> Observations {
        guard count > most else { return self }
        let ranked = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        let best = most * 2 / 3
        let others = most - best
        let spread = (0..<others).map { best + $0 * (count - best) / others }
        return at((Array(0..<best) + spread).map { ranked[$0] })
    }

    private func at(_ places: [Int]) -> Observations {
        var some = self
        some.rows = rows.rows(at: places)
        some.values = places.map { values[$0] }
        some.measuredCount = places.count { $0 < measuredCount }
        return some
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
