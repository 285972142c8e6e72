internal import ConfigSpace
internal import Measurement
internal import Search

/// The configs whose order single timings cannot settle: those within the noise of the best.
enum Finalists {
    /// At most `most` configs, fastest first, and behind them the default, which the speed-up is counted against.
    static func choose(_ history: History, most: Int) -> [Config] {
        guard let best = history.best, let bestTime = best.timeMs, most > 0 else { return [] }
        let limit = bestTime * (1 + max(Timing.drift, 2 * (best.evaluation.timing?.noiseRatio ?? 0)))
        var configs = history.ranked.prefix(most).filter { ($0.timeMs ?? .infinity) <= limit }.map(\.config)
        if let reference = history.defaultEntry, reference.timeMs != nil, !configs.contains(reference.config) {
            configs.append(reference.config)
        }
        return configs
    }

    /// At most `most` configs that were not re-timed and would lead, all timings having drifted alike since they were taken.
    static func overlooked(_ single: History, retimed: [Config: Evaluation], most: Int) -> [Config] {
        let drifts = retimed.values.compactMap { evaluation in
            evaluation.timeMs.flatMap { now in single.entry(for: evaluation.config)?.timeMs.map { now / $0 } }
        }.sorted()
        let drift = drifts.isEmpty ? 1 : drifts[drifts.count / 2]
        let lead = retimed.values.compactMap(\.timeMs).min() ?? .infinity
        let ahead = single.ranked.filter { retimed[$0.config] == nil && ($0.timeMs ?? .infinity) * drift < lead }
        return ahead.prefix(most).map(\.config)
    }

    /// Fastest first, failures last; by the config where times are equal, so that the order is the same every time.
    static func order(_ left: Evaluation, _ right: Evaluation) -> Bool {
        let times = (left.timeMs ?? .infinity, right.timeMs ?? .infinity)
        return times.0 == times.1 ? left.config.json < right.config.json : times.0 < times.1
    }
}

extension History {
    /// What was taken side by side is only compared with its like: a config's own time stands, unless it failed meanwhile.
    mutating func learn(fromRetiming evaluation: Evaluation) {
        guard evaluation.outcome != .measured else { return }
        record(evaluation, round: 0, origin: .search)
    }
}
