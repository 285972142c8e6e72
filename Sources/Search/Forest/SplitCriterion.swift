/// What a split of rows is judged by, and what a leaf says, from sums over rows.
///
/// Of the four numbers that each row adds, the last counts the row; what the others are is the criterion's own.
protocol SplitCriterion: Sendable {
    /// How unlike rows with these sums are, times their weight.
    static func impurity(_ sums: SIMD4<Double>) -> Double
    /// Whether no split can tell the rows apart any better.
    static func isPure(_ sums: SIMD4<Double>) -> Bool
    /// What the rows say on average, and how far they are from each other.
    static func leaf(_ sums: SIMD4<Double>) -> (mean: Double, variance: Double)
}

/// For two classes: rows add what they say for the class and what they say against it (Breiman et al., Classification and
/// Regression Trees, 1984).
enum Gini: SplitCriterion {
    @inline(__always)
    static func impurity(_ sums: SIMD4<Double>) -> Double {
        let weight = sums.x + sums.y
        return weight > 0 ? 2 * sums.x * sums.y / weight : 0
    }

    static func isPure(_ sums: SIMD4<Double>) -> Bool { sums.x <= 0 || sums.y <= 0 }

    static func leaf(_ sums: SIMD4<Double>) -> (mean: Double, variance: Double) {
        let weight = sums.x + sums.y
        let share = weight > 0 ? sums.x / weight : 0
        return (share, share * (1 - share))
    }
}

/// For numbers: rows add one, their value, and its square, each as often as they were drawn (the same source).
enum LeastSquares: SplitCriterion {
    @inline(__always)
    static func impurity(_ sums: SIMD4<Double>) -> Double { sums.z - sums.y * sums.y / sums.x }

    static func isPure(_ sums: SIMD4<Double>) -> Bool { leaf(sums).variance <= 1e-12 }

    static func leaf(_ sums: SIMD4<Double>) -> (mean: Double, variance: Double) {
        let mean = sums.y / sums.x
        return (mean, max(0, sums.z / sums.x - mean * mean))
    }
}
