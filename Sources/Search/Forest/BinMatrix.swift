internal import ConfigSpace

/// Encoded configs, row after row.
struct BinMatrix: Sendable, Equatable {
    let featureCount: Int
    /// Row after row.
    private(set) var bins: [UInt8] = []
    private(set) var count = 0
    /// One more than the greatest bin of each feature.
    private(set) var binCounts: [Int]

    init(featureCount: Int) {
        self.featureCount = featureCount
        binCounts = Array(repeating: 1, count: featureCount)
    }

    init(_ configs: some Sequence<Config>, _ encoding: ConfigEncoding) {
        self.init(featureCount: encoding.featureCount)
        for config in configs { append(encoding.bins(of: config)) }
    }

    mutating func append(_ row: some RandomAccessCollection<UInt8>) {
        precondition(row.count == featureCount, "a row has a number for each feature")
        bins += row
        count += 1
        for (feature, bin) in row.enumerated() { binCounts[feature] = max(binCounts[feature], Int(bin) + 1) }
    }

    func row(_ index: Int) -> ArraySlice<UInt8> {
        bins[index * featureCount..<(index + 1) * featureCount]
    }

    /// The rows at `places`, in their order.
    func rows(at places: [Int]) -> BinMatrix {
        var matrix = BinMatrix(featureCount: featureCount)
        matrix.bins.reserveCapacity(places.count * featureCount)
        for place in places { matrix.bins += row(place) }
        matrix.count = places.count
        // Of all rows: bins that these have not are empty.
        matrix.binCounts = binCounts
        return matrix
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
