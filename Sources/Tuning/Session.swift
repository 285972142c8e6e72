public import Foundation
public import Guidance
public import LanguageModel

/// One run and its folder: what went in, what happened, what was sent and answered, and the result.
///
///     session.json      inputs, device, options
///     journal.jsonl     one event a line, as it happened
///     rounds/<n>/       prompt.json, prompt.txt, reply.txt
///     result.json       the result; results.t4.json, everything measured in the T4 format
public struct Session: Sendable {
    /// The folder as the user knows it, for messages; a path that works from the current folder.
    public let path: String

    public init(path: String) {
        self.path = path
    }

    public var journalPath: String { path + "/journal.jsonl" }
    public var resultPath: String { path + "/result.json" }
    public var recordPath: String { path + "/session.json" }
    public var t4Path: String { path + "/results.t4.json" }

    public func roundPath(_ round: Int) -> String { "\(path)/rounds/\(round)" }

    /// The folder a run gets when none is asked for: `.autotune/<name>/<UTC time>`.
    public static func defaultPath(kernel: String, now: Date = Date()) -> String {
        let time = now.formatted(
            .verbatim(
                "\(year: .padded(4))\(month: .twoDigits)\(day: .twoDigits)T\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased))\(minute: .twoDigits)\(second: .twoDigits)Z",
                locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
        // Runs that start in the same second get folders of their own.
        let path = "\(sessionsFolder(kernel: kernel))/\(time)"
        return ([path] + (2...99).map { "\(path)-\($0)" }).first { !FileManager.default.fileExists(atPath: $0) } ?? path
    }

    private static func sessionsFolder(kernel: String) -> String {
        // The name comes from a file: it names a folder here and nothing above it.
        let name = kernel.map { $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : "_" }
        return ".autotune/\(String(name.prefix(80)))"
    }

    /// The latest session of a kernel in the current folder, for `--resume` without `--session`.
    public static func latest(kernel: String) -> Session? {
        let folder = sessionsFolder(kernel: kernel)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().last { FileManager.default.fileExists(atPath: "\(folder)/\($0)/session.json") }
            .map { Session(path: "\(folder)/\($0)") }
    }

    /// Makes the folder for a new run.
    public func create(_ record: SessionRecord) throws(SessionError) {
        guard !FileManager.default.fileExists(atPath: recordPath) else { throw .exists(path) }
        try SessionError.writing(recordPath) {
            try FileManager.default.createDirectory(atPath: path + "/rounds", withIntermediateDirectories: true)
            let data = try JSONFiles.document(record)
            try data.write(to: URL(filePath: recordPath), options: .withoutOverwriting)
        }
    }

    public func record() throws(SessionError) -> SessionRecord {
        guard let data = FileManager.default.contents(atPath: recordPath) else { throw .noSession(path) }
        do {
            return try JSONFiles.decoder.decode(SessionRecord.self, from: data)
        } catch {
            throw .damaged(recordPath)
        }
    }

    /// Writes a file of the session whole or not at all.
    public func write(_ data: Data, to path: String) throws(SessionError) {
        try SessionError.writing(path) { try data.write(to: URL(filePath: path), options: .atomic) }
    }
}

extension Session: ConversationStore {
    public func exchange(round: Int) throws -> (prompt: [Message], reply: String)? {
        guard let prompt = try prompt(round: round),
            let reply = FileManager.default.contents(atPath: roundPath(round) + "/reply.txt")
        else { return nil }
        return (prompt, String(decoding: reply, as: UTF8.self))
    }

    /// What was sent in a round; nil where nothing was.
    public func prompt(round: Int) throws -> [Message]? {
        let path = roundPath(round) + "/prompt.json"
        guard let prompt = FileManager.default.contents(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode([Message].self, from: prompt)
        } catch {
            throw SessionError.damaged(path)
        }
    }

    public func keepPrompt(_ messages: [Message], text: String, round: Int) throws {
        try SessionError.writing(roundPath(round)) {
            try FileManager.default.createDirectory(atPath: roundPath(round), withIntermediateDirectories: true)
            // It answers another prompt.
            let reply = roundPath(round) + "/reply.txt"
            if FileManager.default.fileExists(atPath: reply) { try FileManager.default.removeItem(atPath: reply) }
        }
        let json = try JSONFiles.document(messages)
        try write(json, to: roundPath(round) + "/prompt.json")
        try write(Data(text.utf8), to: roundPath(round) + "/prompt.txt")
    }

    public func keepReply(_ reply: String, round: Int) throws {
        try write(Data(reply.utf8), to: roundPath(round) + "/reply.txt")
    }
}

/// `session.json`: what a run was started with, so that it can be resumed and understood.
public struct SessionRecord: Sendable, Codable {
    public var formatVersion = 1
    public var program: String
    public var started: Date
    public var name: String
    /// The kernel.json or T1 file, absolute, and the SHA-256 of it and of the kernel's source.
    public var spec: String
    public var specHash: String
    public var device: String
    public var strategy: String
    public var model: String?
    public var seed: UInt64

    public init(
        program: String, started: Date = Date(), name: String, spec: String, specHash: String, device: String,
        strategy: String, model: String?, seed: UInt64
    ) {
        self.program = program
        self.started = started
        self.name = name
        self.spec = spec
        self.specHash = specHash
        self.device = device
        self.strategy = strategy
        self.model = model
        self.seed = seed
    }

    /// What may not differ between a session and the run that resumes it, as (what, then, now).
    public func differences(from other: SessionRecord) -> [(what: String, then: String, now: String)] {
        [
            ("kernel file or source", specHash, other.specHash), ("device", device, other.device),
            ("strategy", strategy, other.strategy), ("seed", String(seed), String(other.seed)),
        ].filter { $0.then != $0.now }
    }
}

/// A session folder that cannot be used, and what to do.
public enum SessionError: Error, CustomStringConvertible {
    case exists(String)
    case noSession(String)
    case noRound(path: String, round: Int)
    case nothingToResume(kernel: String)
    case noBaseline(String)
    case damaged(String)
    case inUse(String)
    case damagedJournal(path: String, line: Int)
    case foreignConfig(path: String, config: String, reason: String)
    case differs(path: String, what: String, then: String, now: String)
    case notWritable(path: String, reason: String)

    public var description: String {
        switch self {
        case .exists(let path):
            "\(path) holds a session already: give --resume to go on with it, or another --session folder"
        case .noSession(let path):
            "\(path) holds no session (no session.json)"
        case .noRound(let path, let round):
            "\(path) holds no prompt of round \(round): see \(path)/rounds for the rounds there are"
        case .nothingToResume(let kernel):
            "no session of \(kernel) in .autotune to resume: give --session DIR, or leave --resume out"
        case .noBaseline(let path):
            "\(path) holds no result with a best config of this kernel's space: give a session's folder, or its result.json"
        case .damaged(let path):
            "\(path) cannot be read as this program writes it; start a new session"
        case .inUse(let path):
            "\(path) is being written by another run: wait for it to end, or give another --session folder"
        case .damagedJournal(let path, let line):
            "\(path):\(line): not an event of a journal; remove the line, or start a new session"
        case .foreignConfig(let path, let config, let reason):
            "\(path) holds the config \(config), which the configuration space does not: \(reason)"
        case .differs(let path, let what, let then, let now):
            "\(path) was run with another \(what) (\(then), now \(now)): start a new session"
        case .notWritable(let path, let reason):
            "cannot write \(path): \(reason)"
        }
    }
}

extension SessionError {
    /// Says which file could not be written when `body` fails, and why.
    static func writing<Result>(_ path: String, _ body: () throws -> Result) throws(SessionError) -> Result {
        do {
            return try body()
        } catch {
            let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw .notWritable(path: path, reason: (underlying ?? error as NSError).localizedDescription)
        }
    }
}
