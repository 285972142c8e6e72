import Testing

@testable import ConfigSpace
@testable import Search

/// What the surrogates of Bayesian optimization answer when they are asked of many candidates at once.
@Suite struct SurrogateTests {
    private static let featureCount = 5

    private func rows(_ count: Int, seed: UInt64) -> BinMatrix {
        var generator = SplitMix64(seed: seed)
        var rows = BinMatrix(featureCount: Self.featureCount)
        for _ in 0..<count {
            rows.append((0..<Self.featureCount).map { _ in UInt8.random(in: 0..<8, using: &generator) })
        }
        return rows
    }

    /// Of a function of two features.
    private func observations(_ rows: BinMatrix) -> Observations {
        var known = Observations(featureCount: Self.featureCount)
        for index in 0..<rows.count {
            let row = rows.row(index)
            let (first, second) = (Double(row[row.startIndex]) - 3, Double(row[row.startIndex + 1]) - 5)
            known.believe(first * first + 0.5 * second * second, of: row)
        }
        return known
    }

    private var units: [Double] { Array(repeating: 1.0 / 7, count: Self.featureCount) }

    @Test("a forest says of many rows at once what it says of each", arguments: [0, 1, 63, 64, 65, 511, 513, 1_100])
    func manyRows(count: Int) {
        var generator = SplitMix64(seed: 1)
        var set = TrainingSet(featureCount: Self.featureCount)
        let known = rows(80, seed: 2)
        for index in 0..<known.count {
            let row = known.row(index)
            let isGood = row[row.startIndex] < 3 && row[row.startIndex + 1] > 4
            set.append(row, positive: isGood ? 1 : 0, negative: isGood ? 0 : 1)
        }
        let forest = RandomForest(set, options: .init(trees: 20), using: &generator)
        let asked = rows(count, seed: 3)
        let each = (0..<count).map { forest.answer(Array(asked.row($0))).probability }
        let together = forest.probabilities(of: asked)
        #expect(together.count == count)
        for (one, other) in zip(each, together) { #expect(abs(one - other) < 1e-12) }
    }

    @Test("rows with bins that no known row has are asked too")
    func unknownBins() {
        var generator = SplitMix64(seed: 1)
        var set = TrainingSet(featureCount: 1)
        for _ in 0..<10 {
            set.append([0], positive: 1, negative: 0)
            set.append([3], positive: 0, negative: 1)
        }
        let forest = RandomForest(set, options: .init(trees: 10), using: &generator)
        var asked = BinMatrix(featureCount: 1)
        for bin in [UInt8(0), 1, 40, 63] { asked.append([bin]) }
        #expect(
            forest.probabilities(of: asked) == (0..<4).map { forest.answer(Array(asked.row($0))).probability })
        var constant = BinMatrix(featureCount: 1)
        constant.append([0])
        #expect(forest.probabilities(of: constant) == [forest.answer([0]).probability])
    }

    @Test("the few best candidates of a Gaussian process are those of all of them", arguments: [1, 3])
    func fewBest(most: Int) {
        for seed in UInt64(0)..<20 {
            let known = observations(rows(30, seed: seed))
            let fitted = GaussianProcessFit(known, units: units).best()
            let process = GaussianProcess(known, units: units, fitted: fitted)
            let candidates = rows(203, seed: seed + 100)
            let all = process.mostImproving(candidates, below: known.least, most: candidates.count)
            let few = process.mostImproving(candidates, below: known.least, most: most)
            #expect(all.count == candidates.count && few.count == most)
            for (one, other) in zip(few, all) {
                // Candidates may repeat.
                #expect(candidates.row(one.row) == candidates.row(other.row) || one.value == other.value)
            }
        }
    }

    @Test("a Gaussian process expects what it knows, and most where the function is least")
    func expectation() throws {
        let known = observations(rows(60, seed: 4))
        let process = GaussianProcess(known, units: units, fitted: GaussianProcessFit(known, units: units).best())
        let all = process.mostImproving(known.rows, below: known.least, most: known.count)
        for expectation in all { #expect(abs((expectation.mean ?? .infinity) - known.values[expectation.row]) < 0.5) }
        var candidates = BinMatrix(featureCount: Self.featureCount)
        for first in 0..<8 { for second in 0..<8 { candidates.append([UInt8(first), UInt8(second), 4, 4, 4]) } }
        let best = try #require(process.mostImproving(candidates, below: known.least + 1, most: 1).first)
        let row = Array(candidates.row(best.row))
        #expect((2...4).contains(row[0]) && (4...6).contains(row[1]), "\(row)")
    }
}
