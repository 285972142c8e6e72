internal import ConfigSpace
internal import Synchronization

/// The entries of a history as rows, kept from one proposal to the next so that none is encoded again.
///
/// Nothing depends on what happens to be kept.
final class KnownRows: Sendable {
    struct Rows: Sendable {
        /// Of each entry.
        fileprivate(set) var rows: BinMatrix
        /// Where each entry stands in the pool's list; nil for those that do not.
        fileprivate(set) var places: [Int?] = []
        fileprivate var configs: [Config] = []
    }

    private let kept = Mutex<Rows?>(nil)

    func rows(of history: History, _ pool: CandidatePool) -> Rows {
        kept.withLock { kept in
            var known = Rows(rows: BinMatrix(featureCount: pool.encoding.featureCount))
            // Nearly always the same but for the last entries, and the same configs are found equal without a look.
            if let kept, history.entries.lazy.map(\.config).starts(with: kept.configs) { known = kept }
            for entry in history.entries[known.configs.count...] {
                known.rows.append(pool.encoding.bins(of: entry.config))
                known.places.append(pool.place(of: entry.config))
                known.configs.append(entry.config)
            }
            kept = known
            return known
        }
    }
}
