internal import ConfigSpace

/// Configs among which a surrogate chooses: of a space that can be listed, near ones and random ones from all of it; of any
/// other, near ones and random ones as the space draws them.
///
/// Nothing here is remembered of a run: the list of a space is always the same, and so are a config's neighbours.
struct CandidatePool: Sendable {
    private let space: ConfigSpace
    let encoding: ConfigEncoding
    /// What a bin is multiplied by for its feature's range to be one.
    let units: [Double]
    let table: ConfigTable?
    /// Of the table.
    private let rows: BinMatrix
    /// Where a config's neighbours stand in the table.
    private let neighbours = LatestValues<Config, [Int]>(most: 4 * anchors)

    /// Spaces up to this size are listed, once.
    private static let mostListed = 50_000
    /// More are not scored at once: while little is known, what is best may be anywhere.
    private static func mostCandidates(known: Int) -> Int { known < 64 ? 2_000 : known < 128 ? 1_000 : 500 }
    /// Of the fastest, whose neighbours are candidates.
    private static let anchors = 5
    /// Where the space cannot be listed: random configs, and configs two steps from each anchor.
    private static let (drawn, secondSteps) = (200, 100)

    init(_ space: ConfigSpace) {
        self.space = space
        let encoding = space.encoding
        self.encoding = encoding
        units = encoding.greatestBins.map { 1 / Double(max($0, 1)) }
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

    /// These, and no others.
    func candidates(_ configs: [Config]) -> Candidates {
        Candidates(rows: BinMatrix(configs, encoding), source: .configs(configs))
    }

    /// Configs that are neither known nor taken, near the fastest and anywhere.
    ///
    /// - Parameter places: where what is known stands in the table.
    func candidates<G: RandomNumberGenerator>(
        _ history: History, at places: [Int?], taken: Set<Config>, using generator: inout G
    ) -> Candidates {
        let anchors = history.fastest(Self.anchors).map(\.config)
        return table.map { listed(anchors, in: $0, places, taken, &generator) }
            ?? drawn(anchors, history, taken, &generator)
    }

    private func listed<G: RandomNumberGenerator>(
        _ anchors: [Config], in table: ConfigTable, _ known: [Int?], _ taken: Set<Config>, _ generator: inout G
    ) -> Candidates {
        var isOpen = [Bool](repeating: true, count: table.count)
        for place in known + taken.map(table.place) {
            if let place { isOpen[place] = false }
        }
        var chosen: [Int] = []
        for anchor in anchors {
            let near = neighbours.value(anchor) { space.neighbours(of: $0).compactMap(table.place) }
            for place in near where isOpen[place] {
                isOpen[place] = false
                chosen.append(place)
            }
        }
        var others = isOpen.indices.filter { isOpen[$0] }
        for place in others.indices.prefix(max(0, Self.mostCandidates(known: known.count) - chosen.count)) {
            others.swapAt(place, Int.random(in: place..<others.count, using: &generator))
            chosen.append(others[place])
        }
        return Candidates(rows: rows.rows(at: chosen), source: .places(chosen, in: table))
    }

    private func drawn<G: RandomNumberGenerator>(
        _ anchors: [Config], _ history: History, _ taken: Set<Config>, _ generator: inout G
    ) -> Candidates {
        let near = anchors.flatMap(space.neighbours)
        var all = near
        for _ in 0..<min(near.count, Self.anchors * Self.secondSteps) {
            guard let step = near.randomElement(using: &generator) else { break }
            if let second = space.randomNeighbour(of: step, using: &generator) { all.append(second) }
        }
        all += space.sample(Self.drawn, using: &generator, excluding: history.contains)
        var seen = taken
        let open = all.filter { !history.contains($0) && seen.insert($0).inserted }
        return candidates(open)
    }
}

extension BinMatrix {
    fileprivate init(_ configs: some Collection<Config>, _ encoding: ConfigEncoding) {
        self.init(featureCount: encoding.featureCount)
        for config in configs { append(encoding.bins(of: config)) }
    }
}
