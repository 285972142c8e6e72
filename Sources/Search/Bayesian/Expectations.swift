/// A candidate that a surrogate is asked of.
struct Expectation: Sendable {
    /// Of the candidates.
    let row: Int
    /// In log ms; nil of a classifier.
    let mean: Double?
    /// What candidates are compared by: the expected improvement, or a probability.
    let value: Double
}

extension [Expectation] {
    /// The `most` with the greatest values, the greatest first, earlier rows first among equals.
    func greatest(_ most: Int) -> [Expectation] {
        var greatest: [Expectation] = []
        for expectation in self {
            if greatest.count == most, let last = greatest.last, expectation.value <= last.value { continue }
            let place = greatest.firstIndex { $0.value < expectation.value } ?? greatest.count
            greatest.insert(expectation, at: place)
            if greatest.count > most { greatest.removeLast() }
        }
        return greatest
    }
}
