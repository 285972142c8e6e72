/// A symmetric positive definite matrix as L·Lᵀ.
struct Cholesky: Sendable {
    let count: Int
    /// The lower triangle L, row after row of `count`.
    let lower: [Double]

    /// - Parameter matrix: row after row; only its lower triangle is read.
    init(_ matrix: [Double], count: Int) {
        var lower = matrix
        for row in 0..<count {
            for column in 0...row {
                var sum = lower[row * count + column]
                for index in 0..<column { sum -= lower[row * count + index] * lower[column * count + index] }
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
            var sum = solution[row]
            for index in 0..<row { sum -= lower[row * count + index] * solution[index] }
            solution[row] = sum / lower[row * count + row]
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
                var sum = 0.0
                for index in column..<row { sum -= lower[row * count + index] * inverse[start + index] }
                inverse[start + row] = sum / lower[row * count + row]
            }
        }
        return inverse
    }
}
