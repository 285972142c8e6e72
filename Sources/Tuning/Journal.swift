public import ConfigSpace
internal import Foundation
public import Measurement
public import Search
internal import SystemPackage

/// One line of `journal.jsonl`: something that happened and is not to be done again.
public enum JournalEvent: Sendable, Equatable {
    case roundStarted(RoundStarted)
    case proposals(ProposalsEvent)
    case evaluation(EvaluationEvent)
    case roundFinished(RoundSummary)
    case retimed(RetimedEvent)
    case stopped(StoppedEvent)

    public struct RoundStarted: Sendable, Codable, Equatable {
        public var round: Int
    }

    /// What a strategy proposed; the reply itself lies in `rounds/<n>/reply.txt`.
    public struct ProposalsEvent: Sendable, Codable, Equatable {
        public var round: Int
        public var configs: [Config]
        public var rejections: [RejectedProposal]
        public var model: String?
        public var modelSeconds: Double?
        /// How many of the configs were evaluated while the model still wrote, and the seconds of verifying and timing that
        /// this took.
        public var early: Int?
        public var earlySeconds: Double?
        /// What asking the model cost.
        public var cost: ModelCost?
    }

    public struct EvaluationEvent: Sendable, Codable, Equatable {
        public var round: Int
        public var origin: Origin
        public var evaluation: Evaluation
    }

    public struct RetimedEvent: Sendable, Codable, Equatable {
        public var evaluations: [Evaluation]
    }

    public struct StoppedEvent: Sendable, Codable, Equatable {
        public var stopped: StopReason
        public var reason: String?
    }
}

extension JournalEvent: Codable {
    private enum Kind: String, Codable {
        case roundStarted = "round_started"
        case proposals
        case evaluation
        case roundFinished = "round_finished"
        case retimed
        case stopped
    }

    private enum Keys: String, CodingKey {
        case event
    }

    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Keys.self).decode(Kind.self, forKey: .event) {
        case .roundStarted: self = .roundStarted(try RoundStarted(from: decoder))
        case .proposals: self = .proposals(try ProposalsEvent(from: decoder))
        case .evaluation: self = .evaluation(try EvaluationEvent(from: decoder))
        case .roundFinished: self = .roundFinished(try RoundSummary(from: decoder))
        case .retimed: self = .retimed(try RetimedEvent(from: decoder))
        case .stopped: self = .stopped(try StoppedEvent(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch self {
        case .roundStarted(let event):
            try container.encode(Kind.roundStarted, forKey: .event)
            try event.encode(to: encoder)
        case .proposals(let event):
            try container.encode(Kind.proposals, forKey: .event)
            try event.encode(to: encoder)
        case .evaluation(let event):
            try container.encode(Kind.evaluation, forKey: .event)
            try event.encode(to: encoder)
        case .roundFinished(let event):
            try container.encode(Kind.roundFinished, forKey: .event)
            try event.encode(to: encoder)
        case .retimed(let event):
            try container.encode(Kind.retimed, forKey: .event)
            try event.encode(to: encoder)
        case .stopped(let event):
            try container.encode(Kind.stopped, forKey: .event)
            try event.encode(to: encoder)
        }
    }
}

/// The append-only record of a session: each event is written before it is acted on.
///
/// A line reaches the operating system at once, so that killing the program loses nothing; it is forced to the disk at
/// least at the end of each round and four times a second, so that losing the machine loses little.
struct Journal {
    private let path: String
    private let handle: FileHandle
    private let encoder = JSONFiles.lineEncoder
    private let clock = ContinuousClock()
    private var lastSync: ContinuousClock.Instant

    /// Opens the journal at `path`, behind what it holds already, for this process alone.
    ///
    /// The lock goes with the process, however that ends; workers do not inherit it.
    init(path: String) throws(SessionError) {
        self.path = path
        let file = try SessionError.writing(path) {
            try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create, .append, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        }
        handle = FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: true)
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path) }
        lastSync = clock.now
    }

    mutating func append(_ event: JournalEvent) throws(SessionError) {
        try SessionError.writing(path) {
            try handle.write(contentsOf: try encoder.encode(event) + [UInt8(ascii: "\n")])
        }
        if clock.now - lastSync > .milliseconds(250) { try synchronize() }
    }

    mutating func synchronize() throws(SessionError) {
        try SessionError.writing(path) { try handle.synchronize() }
        lastSync = clock.now
    }

    /// The events so far. A last line that was being written when the program was killed is dropped, in the file too, so
    /// that the next event starts a line of its own.
    func events() throws(SessionError) -> [JournalEvent] {
        let (lines, decoder) = try SessionError.writing(path) {
            try handle.seek(toOffset: 0)
            let data = try handle.readToEnd() ?? Data()
            let whole = data.lastIndex(of: UInt8(ascii: "\n")).map { data[...$0] } ?? Data()
            if whole.count < data.count { try handle.truncate(atOffset: UInt64(whole.count)) }
            return (whole.split(separator: UInt8(ascii: "\n")), JSONFiles.decoder)
        }
        var events: [JournalEvent] = []
        for (index, line) in lines.enumerated() {
            do {
                events.append(try decoder.decode(JournalEvent.self, from: line))
            } catch {
                throw .damagedJournal(path: path, line: index + 1)
            }
        }
        return events
    }
}
