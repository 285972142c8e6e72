/// The median of several seeds, and how far they lie apart.
public struct Spread: Sendable, Codable, Equatable {
    public var median: Double
    public var least: Double
    public var greatest: Double

    /// Nil where there are no values.
    public init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let least = sorted.first, let greatest = sorted.last else { return nil }
        self.least = least
        self.greatest = greatest
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
