package import ConfigSpace
internal import Foundation

extension TrainingSet {
    /// Good configs, whatever their share, are at least so many: with fewer a forest has nothing to learn from.
    private static let leastGood = 3

    /// What a history tells of which configs are good: the fastest measured ones, as a share of all.
    ///
    /// A good config speaks for the class by how far it is below the threshold, each config against it by one (the weights of
    /// Song et al. 2022 for expected improvement); failures are bad ones. The rows are the measured configs, fastest first, and
    /// behind them the failures. Nil where too few were measured.
    ///
    /// - Parameter known: the history's entries, encoded.
    init?(_ history: History, _ known: BinMatrix, goodShare: Double) {
        let ranked = history.ranked
        guard ranked.count > Self.leastGood else { return nil }
        let goodCount = min(
            ranked.count - 1, max(Self.leastGood, Int((goodShare * Double(ranked.count)).rounded(.up))))
        // In the logarithm, so that times of any unit and size weigh alike.
        func utility(_ entry: History.Entry) -> Double { -log(entry.timeMs ?? .infinity) }
        let threshold = utility(ranked[goodCount])
        let gains = ranked.prefix(goodCount).map { max(0, utility($0) - threshold) }
        let mean = gains.reduce(0, +) / Double(goodCount)
        self.init(featureCount: known.featureCount)
        for (index, entry) in ranked.enumerated() {
            // Where all good ones are equal, each counts as one.
            let gain = index < goodCount ? (mean > 0 ? gains[index] / mean : 1) : 0
            append(known.row(entry.number - 1), positive: gain, negative: 1)
        }
        for entry in history.failures { append(known.row(entry.number - 1), positive: 0, negative: 1) }
    }

    /// The same, of entries that nobody has encoded yet.
    package init?(_ history: History, _ encoding: ConfigEncoding, goodShare: Double) {
        self.init(history, BinMatrix(history.entries.lazy.map(\.config), encoding), goodShare: goodShare)
    }
}
