internal import ConfigSpace
internal import Synchronization

/// Configs among which a surrogate chooses: of a space that can be listed, near ones and random ones from all of it; of any
/// other, near ones and random ones as the space draws them.
///
/// Nothing here is remembered of a run: the list of a space is always the same.
struct CandidatePool: Sendable {
    let configs: [Config]
    let rows: [[UInt8]]
    private let places: [Config: Int]

    /// Spaces up to this size are listed, once.
    private static let mostListed = 50_000
    /// More are not scored at once.
    private static let mostCandidates = 2_000
    /// Of the fastest, whose neighbours are candidates.
    private static let anchors = 5
    /// Where the space cannot be listed: random configs, and configs two steps from each anchor.
    private static let (drawn, secondSteps) = (200, 100)

    init(_ space: ConfigSpace, _ encoding: ConfigEncoding) {
        var configs: [Config] = []
        if let count = space.count().exact, count <= Self.mostListed { configs = Array(space.allConfigs()) }
        self.configs = configs
        rows = configs.map(encoding.bins)
        places = Dictionary(configs.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    struct Candidates {
        var configs: [Config]
        var rows: [[UInt8]]
    }

    /// Configs that are neither known nor taken, near the fastest and anywhere.
    func candidates<G: RandomNumberGenerator>(
        _ history: History, _ encoding: ConfigEncoding, taken: Set<Config>, using generator: inout G
    ) -> Candidates {
        let near = history.ranked.prefix(Self.anchors).flatMap { history.space.neighbours(of: $0.config) }
        return configs.isEmpty
            ? drawn(near, history, encoding, taken, &generator) : listed(near, history, taken, &generator)
    }

    private func listed<G: RandomNumberGenerator>(
        _ near: [Config], _ history: History, _ taken: Set<Config>, _ generator: inout G
    ) -> Candidates {
        var isOpen = [Bool](repeating: true, count: configs.count)
        for config in history.entries.map(\.config) + Array(taken) {
            if let place = places[config] { isOpen[place] = false }
        }
        var chosen: [Int] = []
        for config in near {
            if let place = places[config], isOpen[place] {
                isOpen[place] = false
                chosen.append(place)
            }
        }
        var others = isOpen.indices.filter { isOpen[$0] }
        for place in others.indices.prefix(max(0, Self.mostCandidates - chosen.count)) {
            others.swapAt(place, Int.random(in: place..<others.count, using: &generator))
            chosen.append(others[place])
        }
        return Candidates(configs: chosen.map { configs[$0] }, rows: chosen.map { rows[$0] })
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
        return Candidates(configs: open, rows: open.map(encoding.bins))
    }
}

/// A pool that is made when it is first asked for.
final class SharedPool: Sendable {
    private let pool = Mutex<CandidatePool?>(nil)

    func of(_ space: ConfigSpace, _ encoding: ConfigEncoding) -> CandidatePool {
        pool.withLock { pool in
            if let pool { return pool }
            let made = CandidatePool(space, encoding)
            pool = made
            return made
        }
    }
}
