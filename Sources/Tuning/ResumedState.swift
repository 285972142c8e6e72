internal import ConfigSpace
internal import Measurement
internal import Search

/// Where a run stands: at its beginning, or where the journal of an interrupted one says.
struct ResumedState {
    var history: History
    var summaries: [RoundSummary] = []
    /// A round whose proposals are known and not all evaluated yet.
    var pending: JournalEvent.ProposalsEvent?

    init(space: ConfigSpace) {
        history = History(space: space)
    }

    /// Plays the journal of an earlier run back.
    init(_ events: [JournalEvent], path: String, space: ConfigSpace) throws {
        self.init(space: space)
        for event in events { try apply(event, path: path) }
    }

    private mutating func apply(_ event: JournalEvent, path: String) throws {
        switch event {
        case .roundStarted, .stopped:
            break
        case .proposals(var proposals):
            proposals.configs = try proposals.configs.map { try canonical($0, path: path) }
            pending = proposals
        case .evaluation(var event):
            event.evaluation.config = try canonical(event.evaluation.config, path: path)
            history.record(event.evaluation, round: event.round, origin: event.origin)
        case .roundFinished(let summary):
            if let proposals = pending { history.reject(proposals.rejections, round: proposals.round) }
            pending = nil
            summaries.append(summary)
        case .retimed(let event):
            for var evaluation in event.evaluations {
                evaluation.config = try canonical(evaluation.config, path: path)
                history.learn(fromRetiming: evaluation)
            }
        }
    }

    /// A config in the space's own order and kinds; the journal is a file, and files get edited.
    private func canonical(_ config: Config, path: String) throws -> Config {
        let members = Dictionary(zip(config.names, config.values)) { first, _ in first }
        do {
            return try history.space.config(from: .object(members)).get()
        } catch {
            throw SessionError.foreignConfig(path: path, config: config.json, reason: error.description)
        }
    }
}

extension JournalEvent.ProposalsEvent {
    init(round: Int, _ proposals: Proposals, modelSeconds: Double?) {
        self.init(
            round: round, configs: proposals.configs, rejections: proposals.rejections,
            model: proposals.exchange?.model, modelSeconds: modelSeconds,
            cost: proposals.exchange.flatMap { $0.cost.isUnknown ? nil : $0.cost })
    }
}
