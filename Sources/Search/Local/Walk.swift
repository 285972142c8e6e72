internal import ConfigSpace

/// The steps that local searches share. None remembers anything: where a search stands is played back from the history.
enum Walk {
    /// What a search sees of an entry: failures are slower than anything.
    static func time(_ entry: History.Entry) -> Double { entry.timeMs ?? .infinity }

    /// Neighbours of `config` that are not known, in random order.
    static func openNeighbours<G: RandomNumberGenerator>(
        of config: Config, _ history: History, using generator: inout G
    ) -> [Config] {
        history.space.neighbours(of: config).filter { !history.contains($0) }.shuffled(using: &generator)
    }

    /// A config that is not known, so many random steps away or a few more; nil where none was met.
    static func jump<G: RandomNumberGenerator>(
        from config: Config, steps: Int, _ history: History, using generator: inout G
    ) -> Config? {
        var current = config
        for step in 1...(steps + 20) {
            guard let next = history.space.neighbours(of: current).randomElement(using: &generator) else { return nil }
            current = next
            if step >= steps, current != config, !history.contains(current) { return current }
        }
        return nil
    }

    /// In how many parameters two configs differ.
    static func distance(_ left: Config, _ right: Config) -> Int {
        zip(left.values, right.values).count { $0 != $1 }
    }
}
