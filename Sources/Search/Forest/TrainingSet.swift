/// What a forest learns from: rows of small numbers, each with how much it speaks for the class and how much against it.
package struct TrainingSet: Sendable {
    package let featureCount: Int
    /// Row after row.
    package private(set) var bins: [UInt8] = []
    /// What each row says for the class and against it.
    package private(set) var weights: [Weight] = []
    /// One more than the greatest bin of each feature.
    private(set) var binCounts: [Int]

    package struct Weight: Sendable {
        package var positive: Double
        package var negative: Double
    }

    package init(featureCount: Int) {
        self.featureCount = featureCount
        binCounts = Array(repeating: 1, count: featureCount)
    }

    package var count: Int { weights.count }

    package mutating func append(_ row: [UInt8], positive: Double, negative: Double) {
        precondition(row.count == featureCount, "a row has a number for each feature")
        bins += row
        weights.append(Weight(positive: positive, negative: negative))
        for (feature, bin) in row.enumerated() { binCounts[feature] = max(binCounts[feature], Int(bin) + 1) }
    }

    /// The bins feature after feature, as trees look at them.
    var columns: [UInt8] {
        var columns: [UInt8] = []
        columns.reserveCapacity(bins.count)
        for feature in 0..<featureCount {
            for row in 0..<count { columns.append(bins[row * featureCount + feature]) }
        }
        return columns
    }
}
