internal import ConfigSpace
internal import Measurement

extension Comparison.Run {
    /// Everything that has a row, in the order of the rows.
    func configs(of space: ConfigSpace) -> [Config] {
        baselines.map(\.config) + bests(in: space).compactMap { $0 }
    }

    /// The best after each round, by its own single time.
    private func bests(in space: ConfigSpace) -> [Config?] {
        search.rounds.map { round in round.bestConfig.flatMap { try? space.config(from: $0.object).get() } }
    }

    /// The default, L1, L2, …, the baselines.
    func rows(in space: ConfigSpace, timed: [Config: Evaluation]) -> [Comparison.Row] {
        let reference = timed[baselines[0].config]?.timeMs
        func row(_ name: String, _ config: Config) -> Comparison.Row {
            let evaluation = timed[config]
            let timing = evaluation?.outcome == .measured ? evaluation?.timing : nil
            return Comparison.Row(
                name: name, config: config, outcome: evaluation?.outcome ?? .notRecorded, timeMs: timing?.medianMs,
                intervalMs: timing.map { [$0.lowMs, $0.highMs] },
                speed: reference.flatMap { reference in timing.map { reference / $0.medianMs } })
        }
        func share(_ seconds: Double) -> Double? { baselines[0].seconds > 0 ? seconds / baselines[0].seconds : nil }
        var rows = [row("default", space.defaultConfig)]
        var seconds = 0.0
        var (evaluations, failed) = (0, 0)
        var found: [Config] = []
        for (round, config) in zip(search.rounds, bests(in: space)) {
            seconds += round.seconds.wall - round.seconds.model
            evaluations += round.failed + round.measured
            failed += round.failed + round.rejected
            if let config { found.append(config) }
            // By single times near-equals change places; whoever stops here has them re-timed, as all are now.
            let fastest = found.min { (timed[$0]?.timeMs ?? .infinity) < (timed[$1]?.timeMs ?? .infinity) }
            guard let fastest else { continue }
            var row = row("L\(round.round + 1)", fastest)
            (row.seconds, row.evaluations, row.failed) = (seconds, evaluations, failed)
            row.shareOfSeconds = share(seconds)
            rows.append(row)
        }
        for (index, baseline) in baselines.enumerated() {
            var last = row(baseline.name, baseline.config)
            (last.seconds, last.evaluations) = (baseline.seconds, baseline.evaluations)
            last.shareOfSeconds = index == 0 ? 1 : share(baseline.seconds)
            rows.append(last)
        }
        return rows
    }
}

extension Comparison.Row {
    /// One table of the tables of several seeds.
    ///
    /// Where a search ended rounds earlier with one seed than with another, what it had then stands in later rows too.
    static func merged(_ tables: [(seed: UInt64, rows: [Comparison.Row])]) -> [Comparison.Row] {
        guard let longest = tables.max(by: { $0.rows.count < $1.rows.count }), tables.count > 1 else {
            return tables.first?.rows ?? []
        }
        var names = longest.rows.map(\.name)
        // With the longest table's first round unknown, another may know it.
        for table in tables {
            for (index, row) in table.rows.enumerated() where !names.contains(row.name) {
                names.insert(row.name, at: min(index, names.count))
            }
        }
        return names.compactMap { name in
            let rows = tables.compactMap { table in
                row(name, names: names, in: table.rows).map { (seed: table.seed, row: $0) }
            }
            return merged(rows, name: name)
        }
    }

    private static func row(_ name: String, names: [String], in rows: [Comparison.Row]) -> Comparison.Row? {
        if let row = rows.first(where: { $0.name == name }) { return row }
        let earlier = names.prefix { $0 != name }
        return rows.last { earlier.contains($0.name) && $0.evaluations != nil }
    }

    private static func merged(_ rows: [(seed: UInt64, row: Comparison.Row)], name: String) -> Comparison.Row? {
        let ordered = rows.map(\.row).sorted { ($0.timeMs ?? .infinity) < ($1.timeMs ?? .infinity) }
        guard !ordered.isEmpty else { return nil }
        let measured = ordered.prefix { $0.timeMs != nil }
        var merged = measured.isEmpty ? ordered[0] : measured[(measured.count - 1) / 2]
        merged.name = name
        merged.timeMs = Spread(rows.compactMap(\.row.timeMs))?.median
        merged.speed = Spread(rows.compactMap(\.row.speed))?.median
        merged.seconds = Spread(rows.compactMap(\.row.seconds))?.median
        merged.shareOfSeconds = Spread(rows.compactMap(\.row.shareOfSeconds))?.median
        merged.evaluations = median(rows.compactMap(\.row.evaluations))
        merged.failed = median(rows.compactMap(\.row.failed))
        merged.bySeed = rows.map { seed, row in
            Comparison.SeedResult(
                seed: seed, config: row.config, timeMs: row.timeMs, speed: row.speed, seconds: row.seconds,
                evaluations: row.evaluations)
        }
        return merged
    }

    private static func median(_ counts: [Int]) -> Int? {
        Spread(counts.map(Double.init)).map { Int($0.median.rounded()) }
    }
}
