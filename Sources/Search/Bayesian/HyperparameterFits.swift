internal import Synchronization

/// The latest fits of a Gaussian process, so that one serves several proposals.
///
/// What a fit is made from is a function of the history alone, so nothing depends on what happens to be kept.
final class HyperparameterFits: Sendable {
    private let fits = Mutex<[(known: Observations, fitted: Hyperparameters)]>([])
    private static let mostKept = 4
    /// A fit hardly changes by fewer results than these, once there are as many as `few`.
    private static let (few, period) = (16, 8)

    /// Fitted to what was measured, apart from the last few results.
    func fit(_ known: Observations, units: [Double]) -> Hyperparameters {
        let count = known.measuredCount
        let known = known.prefix(count < Self.few ? count : count / Self.period * Self.period)
        return fits.withLock { fits in
            if let kept = fits.first(where: { $0.known == known }) { return kept.fitted }
            let fitted = GaussianProcessFit(known, units: units).best()
            fits = fits.suffix(Self.mostKept - 1) + [(known, fitted)]
            return fitted
        }
    }
}
