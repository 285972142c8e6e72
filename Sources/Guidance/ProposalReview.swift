internal import ConfigSpace
internal import Measurement
internal import Search

/// Turns what a reply proposes into configs to evaluate, and everything else into rejections that say why.
struct ProposalReview {
    private(set) var configs: [Config] = []
    private(set) var rejections: [RejectedProposal] = []
    /// Where in the reply a config stands, from 1.
    private var positions: [Config: Int] = [:]
    private var itemCount = 0
    /// The configs that are under way from what the model has since begun anew.
    private var kept: Set<Config> = []
    private let history: History
    private let most: Int

    static let longestProposalText = 400

    init(history: History, most: Int) {
        self.history = history
        self.most = most
    }

    init(_ reply: ReadReply, history: History, most: Int) {
        self.init(history: history, most: most)
        for item in reply.items { add(item) }
    }

    /// Reviews the reply's next item, and gives the config to evaluate if it is one.
    @discardableResult
    mutating func add(_ item: ReadReply.Item) -> Config? {
        itemCount += 1
        switch item {
        case .unreadable(let text, let reason):
            reject(text, "could not be read as JSON: \(reason)")
            return nil
        case .proposal(let value):
            let known = configs.count
            review(value, position: itemCount)
            return configs.count > known ? configs[known] : nil
        }
    }

    /// Goes on with a reply that is written anew: after a draft, or after a connection that broke.
    ///
    /// The configs given so far may be under way and stay; that they come again is no repeat, and what was rejected is
    /// not held against the new reply.
    mutating func startAnew() {
        kept = Set(configs)
        positions = [:]
        rejections = []
        itemCount = 0
    }

    private mutating func review(_ proposal: Value, position: Int) {
        switch history.space.config(from: proposal) {
        case .failure(let error):
            reject(proposal.json, error.description)
        case .success(let config):
            if config == history.space.defaultConfig, !history.contains(config) {
                reject(proposal.json, "duplicate of the default config, which is always measured")
            } else if let earlier = history.entry(for: config) {
                reject(proposal.json, "duplicate of \(Self.describe(earlier))")
            } else if let earlier = positions[config] {
                reject(proposal.json, "duplicate of config \(earlier) of the same reply")
            } else if kept.contains(config) {
                positions[config] = position
            } else if configs.count == most {
                reject(proposal.json, "more than the \(most) configs asked for")
            } else {
                positions[config] = position
                configs.append(config)
            }
        }
    }

    private mutating func reject(_ proposal: String, _ reason: String) {
        let text =
            proposal.count > Self.longestProposalText ? proposal.prefix(Self.longestProposalText) + "…" : proposal[...]
        rejections.append(RejectedProposal(proposal: String(text), reason: reason))
    }

    private static func describe(_ entry: History.Entry) -> String {
        let what =
            entry.origin == .defaultConfig ? "the default config" : "a config of round \(entry.round)"
        let result = entry.timeMs.map { "measured \(Numbers.milliseconds($0))" } ?? entry.evaluation.outcome.rawValue
        return "\(what) (\(result))"
    }
}
