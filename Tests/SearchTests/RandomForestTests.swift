import ConfigSpace
import Testing

@testable import Search

@Suite("Random forests")
struct RandomForestTests {
    /// Rows of four features; the class is where the first is at least 4 and the third is 1.
    private func set(_ count: Int, seed: UInt64) -> TrainingSet {
        var generator = SplitMix64(seed: seed)
        var set = TrainingSet(featureCount: 4)
        for _ in 0..<count {
            let row = [8, 8, 2, 8].map { UInt8.random(in: 0..<$0, using: &generator) }
            let isClass = row[0] >= 4 && row[2] == 1
            set.append(row, positive: isClass ? 1 : 0, negative: isClass ? 0 : 1)
        }
        return set
    }

    @Test("a forest finds the features that matter")
    func learns() {
        var generator = SplitMix64(seed: 1)
        let forest = RandomForest(set(300, seed: 2), using: &generator)
        #expect(forest.answer([6, 0, 1, 3]).probability > 0.8)
        #expect(forest.answer([6, 5, 0, 7]).probability < 0.2)
        #expect(forest.answer([1, 1, 1, 1]).probability < 0.2)
    }

    @Test("the same seed grows the same forest")
    func repeats() {
        func probabilities(seed: UInt64) -> [Double] {
            var generator = SplitMix64(seed: seed)
            let forest = RandomForest(set(60, seed: 2), options: .init(trees: 20), using: &generator)
            return (0..<8).map { forest.answer([UInt8($0), 3, 1, 2]).probability }
        }
        #expect(probabilities(seed: 5) == probabilities(seed: 5))
        #expect(probabilities(seed: 5) != probabilities(seed: 6))
    }

    @Test("weights count: a row of weight nine outweighs three of one")
    func weights() {
        var set = TrainingSet(featureCount: 1)
        set.append([0], positive: 9, negative: 0)
        for _ in 0..<3 { set.append([0], positive: 0, negative: 1) }
        var generator = SplitMix64(seed: 1)
        // No split tells equal rows apart: each tree is one leaf of the rows that it drew.
        let probability = RandomForest(set, options: .init(trees: 400), using: &generator).answer([0]).probability
        #expect(probability > 0.5)
    }

    @Test("what no tree can tell apart has proximity 1")
    func proximity() {
        var generator = SplitMix64(seed: 1)
        let forest = RandomForest(set(300, seed: 2), using: &generator)
        let answer = forest.answer([6, 0, 1, 3])
        #expect(answer.proximity(to: answer) == 1)
        #expect(answer.proximity(to: forest.answer([0, 7, 0, 7])) < 0.5)
    }
}
