/// A symmetric positive definite matrix as L·Lᵀ.
struct Cholesky: Sendable {
    let count: Int
    /// The lower triangle L, row after row of `count`; nothing above its diagonal.
    let lower: [Double]

    /// - Parameter matrix: row after row; only its lower triangle is read.
    init(_ matrix: [Double], count: Int) {
        var lower = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                let sum =
                    matrix[row * count + column]
                    - dot(lower.span, row * count, lower.span, column * count, count: column)
                // Rounding may take what is left of a nearly singular matrix below nothing.
                lower[row * count + column] =
                    row == column ? max(sum, 1e-12).squareRoot() : sum / lower[column * count + column]
            }
        }
        self.count = count
        self.lower = lower
    }

    /// x of L·x = `right`.
    func solveLower(_ right: [Double]) -> [Double] {
        var solution = right
        for row in 0..<count {
            let sum = solution[row] - dot(lower.span, row * count, solution.span, 0, count: row)
            solution[row] = sum / lower[row * count + row]
        }
        return solution
    }

    /// x of Lᵀ·x = `right`.
    func solveUpper(_ right: [Double]) -> [Double] {
        var solution = right
        for row in (0..<count).reversed() {
            solution[row] /= lower[row * count + row]
            for earlier in 0..<row { solution[earlier] -= lower[row * count + earlier] * solution[row] }
        }
        return solution
    }

    /// The inverse of L, column after column: the entry of `row` and `column` stands at `column * count + row`.
    func inverseColumns() -> [Double] {
        var inverse = [Double](repeating: 0, count: count * count)
        for column in 0..<count {
            let start = column * count
            inverse[start + column] = 1 / lower[column * count + column]
            for row in (column + 1)..<max(count, column + 1) {
                let sum = -dot(
                    lower.span, row * count + column, inverse.span, start + column, count: row - column)
                inverse[start + row] = sum / lower[row * count + row]
            }
        }
        return inverse
    }
}

/// The sum of products of `count` numbers of `left` from `first` on and of `right` from `second` on.
///
/// In four sums, so that an addition need not wait for the one before it.
@inline(__always)
func dot(_ left: Span<Double>, _ first: Int, _ right: Span<Double>, _ second: Int, count: Int) -> Double {
    let (left, right) = (left.extracting(first..<first + count), right.extracting(second..<second + count))
    var sums = SIMD4<Double>.zero
    var index = 0
    while index + 4 <= count {
        sums.x += left[index] * right[index]
        sums.y += left[index + 1] * right[index + 1]
        sums.z += left[index + 2] * right[index + 2]
        sums.w += left[index + 3] * right[index + 3]
        index += 4
    }
    var sum = sums.sum()
    while index < count {
        sum += left[index] * right[index]
        index += 1
    }
    return sum
}
