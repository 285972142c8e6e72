internal import ConfigSpace

/// Configs among which a surrogate chooses: of a space that can be listed, near ones and random ones from all of it; of any
/// other, near ones and random ones as the space draws them.
///
/// Nothing here is remembered of a run: the list of a space is always the same.
struct CandidatePool: Sendable {
    private let table: ConfigTable?
    /// Of the table.
    private let rows: BinMatrix

    /// Spaces up to this size are listed, once.
    private static let mostListed = 50_000
    /// More are not scored at once.
    private static let mostCandidates = 2_000
    /// Of the fastest, whose neighbours are candidates.
    private static let anchors = 5
    /// Where the space cannot be listed: random configs, and configs two steps from each anchor.
    private static let (drawn, secondSteps) = (200, 100)

    init(_ space: ConfigSpace, _ encoding: ConfigEncoding) {
        let isListed = space.count().exact.map { $0 <= UInt128(Self.mostListed) } ?? false
        table = isListed ? space.table(most: Self.mostListed) : nil
        rows = table.map { BinMatrix($0, encoding) } ?? BinMatrix(featureCount: encoding.featureCount)
    }

    struct Candidates {
        let rows: BinMatrix
        private let source: Source

        fileprivate enum Source {
            case places([Int], in: ConfigTable)
            case configs([Config])
        }

        init(_ configs: [Config], _ encoding: ConfigEncoding) {
            rows = BinMatrix(configs, encoding)
            source = .configs(configs)
        }

        fileprivate init(rows: BinMatrix, source: Source) {
            (self.rows, self.source) = (rows, source)
        }

        var isEmpty: Bool { rows.count == 0 }

        subscript(index: Int) -> Config {
            switch source {
            case .places(let places, let table): table[places[index]]
            case .configs(let configs): configs[index]
            }
        }
    }

    /// Configs that are neither known nor taken, near the fastest and anywhere.
    func candidates<G: RandomNumberGenerator>(
        _ history: History, _ encoding: ConfigEncoding, taken: Set<Config>, using generator: inout G
    ) -> Candidates {
        let near = history.fastest(Self.anchors).flatMap { history.space.neighbours(of: $0.config) }
        return table.map { listed(near, in: $0, history, taken, &generator) }
            ?? drawn(near, history, encoding, taken, &generator)
    }

    private func listed<G: RandomNumberGenerator>(
        _ near: [Config], in table: ConfigTable, _ history: History, _ taken: Set<Config>, _ generator: inout G
    ) -> Candidates {
        var isOpen = [Bool](repeating: true, count: table.count)
        for config in history.entries.lazy.map(\.config) + Array(taken) {
            if let place = table.place(of: config) { isOpen[place] = false }
        }
        var chosen: [Int] = []
        for config in near {
            if let place = table.place(of: config), isOpen[place] {
                isOpen[place] = false
                chosen.append(place)
            }
        }
        var others = isOpen.indices.filter { isOpen[$0] }
        for place in others.indices.prefix(max(0, Self.mostCandidates - chosen.count)) {
            others.swapAt(place, Int.random(in: place..<others.count, using: &generator))
            chosen.append(others[place])
        }
        return Candidates(rows: rows.rows(at: chosen), source: .places(chosen, in: table))
    }

    private func drawn<G: RandomNumberGenerator>(
        _ near: [Config], _ history: History, _ encoding: ConfigEncoding, _ taken: Set<Config>, _ generator: inout G
    ) -> Candidates {
        var all = near
        for _ in 0..<min(near.count, Self.anchors * Self.secondSteps) {
            guard let step = near.randomElement(using: &generator) else { break }
            if let second = history.space.randomNeighbour(of: step, using: &generator) { all.append(second) }
        }
        all += history.space.sample(Self.drawn, using: &generator, excluding: history.contains)
        var seen = taken
        let open = all.filter { !history.contains($0) && seen.insert($0).inserted }
        return Candidates(open, encoding)
    }
}

extension BinMatrix {
    fileprivate init(_ configs: some Collection<Config>, _ encoding: ConfigEncoding) {
        self.init(featureCount: encoding.featureCount)
        for config in configs { append(encoding.bins(of: config)) }
    }
}
