/// What a forest learns a class from: rows of small numbers, each with how much it speaks for the class and how much against
/// it.
package struct TrainingSet: Sendable {
    private(set) var rows: BinMatrix
    /// What each row says for the class and against it.
    package private(set) var weights: [Weight] = []

    package struct Weight: Sendable {
        package var positive: Double
        package var negative: Double
    }

    package init(featureCount: Int) {
        rows = BinMatrix(featureCount: featureCount)
    }

    package mutating func append(_ row: some RandomAccessCollection<UInt8>, positive: Double, negative: Double) {
        rows.append(row)
        weights.append(Weight(positive: positive, negative: negative))
    }
}
