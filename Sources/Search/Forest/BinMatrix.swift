/// Encoded configs, row after row.
package struct BinMatrix: Sendable, Equatable {
    package let featureCount: Int
    /// Row after row.
    package private(set) var bins: [UInt8] = []
    package private(set) var count = 0
    /// One more than the greatest bin of each feature.
    private(set) var binCounts: [Int]

    package init(featureCount: Int) {
        self.featureCount = featureCount
        binCounts = Array(repeating: 1, count: featureCount)
    }

    package mutating func append(_ row: [UInt8]) {
        precondition(row.count == featureCount, "a row has a number for each feature")
        bins += row
        count += 1
        for (feature, bin) in row.enumerated() { binCounts[feature] = max(binCounts[feature], Int(bin) + 1) }
    }

    package func row(_ index: Int) -> ArraySlice<UInt8> {
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
