internal import ConfigSpace
internal import Measurement
internal import Search

/// The configs whose order single timings cannot settle: those within the noise of the best.
enum Finalists {
    /// At most `most` configs, fastest first, and behind them the default, which the speed-up is counted against.
    ///
    /// Where several devices measured, a config is held to the best of its own device.
    static func choose(_ history: History, most: Int) -> [Config] {
        guard most > 0 else { return [] }
        var contenders: [(entry: History.Entry, ratio: Double)] = []
        for (_, ranked) in Dictionary(grouping: history.ranked, by: \.evaluation.device) {
            guard let best = ranked.first, let bestTime = best.timeMs else { continue }
            let noise = max(Timing.drift, 2 * (best.evaluation.timing?.noiseRatio ?? 0))
            for entry in ranked.prefix(most) {
                let ratio = (entry.timeMs ?? .infinity) / bestTime
                if ratio <= 1 + noise { contenders.append((entry, ratio)) }
            }
        }
        contenders.sort {
            ($0.ratio, $0.entry.timeMs ?? .infinity, $0.entry.number)
                < ($1.ratio, $1.entry.timeMs ?? .infinity, $1.entry.number)
        }
        var configs = contenders.prefix(most).map(\.entry.config)
        if let reference = history.defaultEntry, reference.timeMs != nil, !configs.contains(reference.config) {
            configs.append(reference.config)
        }
        return configs
    }

    /// At most `most` configs that were not re-timed and would lead, all timings of a device having drifted alike since they
    /// were taken.
    static func overlooked(_ single: History, retimed: [Config: Evaluation], most: Int) -> [Config] {
        var drifts: [Int?: [Double]] = [:]
        for evaluation in retimed.values {
            guard let now = evaluation.timeMs, let earlier = single.entry(for: evaluation.config),
                let then = earlier.timeMs
            else { continue }
            drifts[earlier.evaluation.device, default: []].append(now / then)
        }
        let lead = retimed.values.compactMap(\.timeMs).min() ?? .infinity
        let ahead = single.ranked.filter { entry in
            let known = (drifts[entry.evaluation.device] ?? []).sorted()
            let drift = known.isEmpty ? 1 : known[known.count / 2]
            return retimed[entry.config] == nil && (entry.timeMs ?? .infinity) * drift < lead
        }
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
