/// What a forest learns from: rows of small numbers, each with how much it speaks for the class and how much against it.
struct TrainingSet: Sendable {
    let featureCount: Int
    /// Row after row.
    private(set) var bins: [UInt8] = []
    private(set) var positive: [Double] = []
    private(set) var negative: [Double] = []

    init(featureCount: Int) {
        self.featureCount = featureCount
    }

    var count: Int { positive.count }

    mutating func append(_ row: [UInt8], positive: Double, negative: Double) {
        bins += row
        self.positive.append(positive)
        self.negative.append(negative)
    }

    @inline(__always)
    func bin(_ row: Int, _ feature: Int) -> UInt8 { bins[row * featureCount + feature] }
}
