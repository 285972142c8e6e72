internal import ConfigSpace

/// Configs among which a surrogate chooses: what surrounds the fastest, and random ones from all of the space.
///
/// Nothing here is remembered of a run: the list of a space is always the same, and so is what surrounds a config.
struct CandidatePool: Sendable {
    private let space: ConfigSpace
    let encoding: ConfigEncoding
    /// What a bin is multiplied by for its feature's range to be one.
    let units: [Double]
    private let listing: Listing
    /// Of the listing.
    private let rows: BinMatrix
    private let surroundings = LatestValues<Config, Surroundings>(most: 4 * anchors)

    /// Spaces up to this size are listed, once; of others so many random configs.
    private static let (mostListed, mostSampled) = (50_000, 4_000)
    /// More are not scored at once: while little is known, what is best may be anywhere.
    private static func mostCandidates(known: Int) -> Int { known < 64 ? 2_000 : known < 128 ? 1_000 : 500 }
    /// Of the fastest, whose surroundings are candidates.
    private static let anchors = 5
    /// Where the space cannot be listed: configs two steps from each anchor.
    private static let secondSteps = 100

    fileprivate enum Listing: Sendable {
        case all(ConfigTable)
        case some([Config], places: [Config: Int])

        var count: Int {
            switch self {
            case .all(let table): table.count
            case .some(let configs, _): configs.count
            }
        }

        subscript(place: Int) -> Config {
            switch self {
            case .all(let table): table[place]
            case .some(let configs, _): configs[place]
            }
        }

        func place(of config: Config) -> Int? {
            switch self {
            case .all(let table): table.place(of: config)
            case .some(_, let places): places[config]
            }
        }
    }

    /// What surrounds a config: places in the listing, and configs that it has not.
    private struct Surroundings: Sendable {
        let places: [Int]
        let others: [Config]
        /// Of the others.
        let rows: BinMatrix
    }

    /// - Parameter seed: of what stands for a space that cannot be listed.
    init(_ space: ConfigSpace, seed: UInt64) {
        self.space = space
        let encoding = space.encoding
        self.encoding = encoding
        units = encoding.greatestBins.map { 1 / Double(max($0, 1)) }
        let isListed = space.count().exact.map { $0 <= UInt128(Self.mostListed) } ?? false
        if isListed, let table = space.table(most: Self.mostListed) {
            listing = .all(table)
            rows = BinMatrix(table, encoding)
        } else {
            var generator = SplitMix64(seed: seed)
            let some = space.sample(Self.mostSampled, using: &generator)
            listing = .some(some, places: Dictionary(zip(some, some.indices)) { first, _ in first })
            rows = BinMatrix(some, encoding)
        }
    }

    struct Candidates {
        private(set) var rows: BinMatrix
        /// Of the first rows, and of those that follow.
        private let places: [Int]
        private var others: [Config]
        private let listing: Listing

        fileprivate init(_ places: [Int], of listing: Listing, others: [Config] = [], rows: BinMatrix) {
            (self.places, self.listing, self.others, self.rows) = (places, listing, others, rows)
        }

        fileprivate mutating func append(_ config: Config, _ row: some RandomAccessCollection<UInt8>) {
            others.append(config)
            rows.append(row)
        }

        var isEmpty: Bool { rows.count == 0 }

        subscript(index: Int) -> Config {
            index < places.count ? listing[places[index]] : others[index - places.count]
        }
    }

    /// Where `config` is in the list of all configs, or of some; nil where it is not.
    func place(of config: Config) -> Int? { listing.place(of: config) }

    /// These, and no others.
    func candidates(_ configs: [Config]) -> Candidates {
        Candidates([], of: listing, others: configs, rows: BinMatrix(configs, encoding))
    }

    /// Configs that are neither known nor taken, near the fastest and anywhere.
    ///
    /// - Parameter places: of what is known, in the pool's list.
    func candidates<G: RandomNumberGenerator>(
        _ history: History, at places: [Int?], taken: [Config], using generator: inout G
    ) -> Candidates {
        var isOpen = [Bool](repeating: true, count: listing.count)
        for place in places + taken.map(listing.place) {
            if let place { isOpen[place] = false }
        }
        let near = history.fastest(Self.anchors).map { surroundings.value($0.config, surroundings(of:)) }
        var chosen: [Int] = []
        for place in near.lazy.flatMap(\.places) where isOpen[place] {
            isOpen[place] = false
            chosen.append(place)
        }
        let missing = Self.mostCandidates(known: places.count) - chosen.count - near.reduce(0) { $0 + $1.others.count }
        var rest = isOpen.indices.filter { isOpen[$0] }
        for place in rest.indices.prefix(max(0, missing)) {
            rest.swapAt(place, Int.random(in: place..<rest.count, using: &generator))
            chosen.append(rest[place])
        }
        var candidates = Candidates(chosen, of: listing, rows: rows.rows(at: chosen))
        var seen = Set(taken)
        for near in near {
            for (index, config) in near.others.enumerated()
            where !history.contains(config) && seen.insert(config).inserted {
                candidates.append(config, near.rows.row(index))
            }
        }
        return candidates
    }

    /// Its neighbours, and where the space cannot be listed some configs two steps from it.
    private func surroundings(of config: Config) -> Surroundings {
        var near = space.neighbours(of: config)
        if case .some = listing {
            // The same for the same config, whenever it is asked.
            var generator = SplitMix64(seed: encoding.bins(of: config).reduce(0) { $0 &* 31 &+ UInt64($1) })
            for step in (0..<Self.secondSteps).compactMap({ _ in near.randomElement(using: &generator) }) {
                if let second = space.randomNeighbour(of: step, using: &generator) { near.append(second) }
            }
        }
        var seen: Set<Config> = []
        var (places, others): ([Int], [Config]) = ([], [])
        for config in near where seen.insert(config).inserted {
            if let place = listing.place(of: config) { places.append(place) } else { others.append(config) }
        }
        return Surroundings(places: places, others: others, rows: BinMatrix(others, encoding))
    }
}
