/// The latest fits of a Gaussian process, so that one serves several proposals.
struct HyperparameterFits: Sendable {
    private let fits = LatestValues<Observations, Hyperparameters>(most: 4)
    /// A fit hardly changes by a few results more, once there are as many as these: from 8 on, and a twelfth to a sixth of
    /// many.
    private static let few = 16

    /// The results, of so many, that a fit is made of.
    private static func fitted(_ count: Int) -> Int {
        guard count >= few else { return count }
        var period = few / 2
        while period * 12 <= count { period *= 2 }
        return count / period * period
    }

    /// Fitted to what was measured, apart from the last few results.
    func fit(_ known: Observations, units: [Double]) -> Hyperparameters {
        let fitted = known.prefix(Self.fitted(known.measuredCount))
        return fits.value(fitted) { GaussianProcessFit($0, units: units).best() }
    }
}
