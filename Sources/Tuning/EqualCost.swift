internal import Foundation

extension Comparison.Level {
    /// Numbers of evaluations that budgets are often given as, and where each side ended.
    static func atEvaluations(_ curves: [Curve]) -> [Comparison.Level] {
        let ends = ends(curves, .evaluations)
        var usual = [10.0, 25]
        while let last = usual.last, last < ends.max() ?? 0 { usual.append(last == 25 ? 50 : last * 2) }
        return levels(curves, .evaluations, usual: usual, ends: ends)
    }

    /// 1, 2, 5, 10, … down to a hundredth of the longest search, and where each side ended.
    static func atSeconds(_ curves: [Curve]) -> [Comparison.Level] {
        let ends = ends(curves, .seconds)
        guard let longest = ends.max(), longest > 0 else { return [] }
        let exponent = Int(log10(longest).rounded(.down))
        let usual = (exponent - 2...exponent).flatMap { exponent in
            [1.0, 2, 5].map { $0 * pow(10, Double(exponent)) }
        }
        let apart = usual.filter { level in
            level >= longest / 100 && ends.allSatisfy { abs($0 - level) > leastDistance * level }
        }
        return levels(curves, .seconds, usual: apart, ends: ends)
    }

    /// What each side cost with the seed that cost least: until there all of its seeds can be compared.
    private static func ends(_ curves: [Curve], _ cost: Curve.Cost) -> [Double] {
        curves.compactMap { curve in
            let ends = curve.runs.map { $0.points.last?.cost(cost) }
            return ends.contains(nil) ? nil : ends.compactMap { $0 }.min()
        }
    }

    /// Nearer to where a side ended, as a share, round seconds tell the same once more.
    private static let leastDistance = 0.05

    private static func levels(
        _ curves: [Curve], _ cost: Curve.Cost, usual: [Double], ends: [Double]
    ) -> [Comparison.Level] {
        let longest = ends.max() ?? 0
        return Set(usual.filter { $0 < longest } + ends).sorted().map { level in
            Comparison.Level(
                at: level,
                sides: curves.map { curve in
                    let bests = curve.runs.map { $0.best(cost, atMost: level) }
                    return Side(name: curve.name, bestMs: bests.contains(nil) ? nil : Spread(bests.compactMap { $0 }))
                })
        }
    }
}
