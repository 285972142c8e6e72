internal import ConfigSpace
internal import Foundation
internal import Measurement
internal import Search
internal import Synchronization
public import Tuning

/// Tells on standard error what a run does: a line that is rewritten on a terminal, plain lines elsewhere.
public final class ProgressReport: TuningObserver {
    static let mostReasons = 4
    static let reasonWidth = 160

    private struct State {
        var round = 0
        var statusShown = false
        var failed = 0
        var bestMs: Double?
        /// Told while the model was asked; not to be told again with its reply.
        var notes: Set<String> = []
    }

    private let terminal: Terminal
    private let isQuiet: Bool
    private let state = Mutex(State())

    /// - Parameter isQuiet: tell warnings only.
    public init(_ terminal: Terminal, isQuiet: Bool = false) {
        self.terminal = terminal
        self.isQuiet = isQuiet
    }

    public func observe(_ event: TuningEvent) {
        state.withLock { state in
            switch event {
            case .warning(let text): line(terminal.styled("warning", .yellow) + ": \(Text.printable(text))", &state)
            case _ where isQuiet: break
            case .roundStarted(let round, _):
                state.round = round
                state.failed = 0
            case .askingModel(let name): status("round \(state.round)  asking \(name)", &state)
            case .modelNote(let note): tell(note, &state)
            case .modelReplied(let seconds, let early, let cost, let notes):
                let used = cost.isUnknown ? "" : " (\(Text.cost(cost)))"
                let meanwhile = early > 0 ? ", \(early) of its configs were measured meanwhile" : ""
                line("round \(state.round)  the model replied in \(Text.seconds(seconds)) s\(used)\(meanwhile)", &state)
                for note in notes where !state.notes.contains(note) { tell(note, &state) }
                state.notes = []
            case .proposed: break
            case .evaluated(let entry, let done, let total): show(entry, done: done, total: total, &state)
            case .roundFinished(let summary, let failures, let rejections):
                show(summary, failures: failures, rejections: rejections, &state)
            case .retiming(let count): status("re-timing \(count) configs side by side", &state)
            case .searching(let name, let limitSeconds):
                line("\(name) searches, for \(Text.seconds(limitSeconds)) s at the most", &state)
            case .side(let name, let seed):
                state.bestMs = nil
                line("searching with \(name), seed \(seed)", &state)
            case .resumed(let evaluations, let rounds):
                line("resumed with \(evaluations) evaluations, \(rounds) rounds finished", &state)
            }
        }
    }

    /// Ends a status line that stands on the terminal, so that what follows begins on a line of its own.
    public func finish() {
        state.withLock { clearStatus(&$0) }
    }

    private func show(_ entry: History.Entry, done: Int, total: Int, _ state: inout State) {
        if entry.evaluation.outcome.isFailure { state.failed += 1 }
        if let time = entry.timeMs { state.bestMs = min(state.bestMs ?? time, time) }
        let best = state.bestMs.map { ", best \(Text.milliseconds($0)) ms" } ?? ""
        let failed = state.failed > 0 ? ", \(state.failed) failed" : ""
        let what = entry.origin == .defaultConfig ? "the default" : "\(done) of \(total)"
        if terminal.isInteractive {
            status("round \(state.round)  \(what) evaluated\(failed)\(best)", &state)
        } else if entry.origin == .defaultConfig {
            let result =
                entry.timeMs.map { "\(Text.milliseconds($0)) ms" }
                ?? Text.line(reason(entry.evaluation), width: Self.reasonWidth)
            line("round \(state.round)  default: \(result)", &state)
        }
    }

    private func show(
        _ summary: RoundSummary, failures: [History.Entry], rejections: [RejectedProposal],
        _ state: inout State
    ) {
        var parts = ["\(summary.proposed) proposed", "\(summary.measured) measured"]
        if summary.failed > 0 { parts.append("\(summary.failed) failed") }
        if summary.rejected > 0 { parts.append("\(summary.rejected) rejected") }
        if summary.notRecorded > 0 { parts.append("\(summary.notRecorded) not in the recording") }
        let took = "in \(Text.seconds(summary.seconds.wall)) s"
        line("\(terminal.styled("round \(summary.round)", .bold))  \(parts.joined(separator: ", ")) \(took)", &state)
        if let best = summary.bestTimeMs {
            let gain =
                summary.defaultTimeMs.map {
                    ", \(Text.factor($0 / best)) the default's speed (\(Text.milliseconds($0)) ms)"
                } ?? ""
            let share = Text.share(summary.bestShareOfLimit, of: summary.limit).map { ", \($0)" } ?? ""
            line("         best \(terminal.styled("\(Text.milliseconds(best)) ms", .green))\(gain)\(share)", &state)
        }
        reasons(failures.map { (reason($0.evaluation), $0.config.json) }, label: "failed", &state)
        reasons(rejections.map { ($0.reason, $0.proposal) }, label: "rejected", &state)
    }

    /// Reasons, each once with its count and the first config it was given for.
    private func reasons(_ items: [(reason: String, config: String)], label: String, _ state: inout State) {
        var counts: [(reason: String, config: String, count: Int)] = []
        for item in items {
            if let index = counts.firstIndex(where: { $0.reason == item.reason }) {
                counts[index].count += 1
            } else {
                counts.append((item.reason, item.config, 1))
            }
        }
        for item in counts.prefix(Self.mostReasons) {
            let times = item.count > 1 ? " ×\(item.count)" : ""
            let text = Text.line("\(item.reason) — \(item.config)", width: Self.reasonWidth)
            line("         \(terminal.styled(label, .red))\(times)  \(text)", &state)
        }
        if counts.count > Self.mostReasons {
            line("         … and \(counts.count - Self.mostReasons) other reasons (journal.jsonl has all)", &state)
        }
    }

    private func reason(_ evaluation: Evaluation) -> String {
        evaluation.outcome.rawValue + (evaluation.reason.map { ": \($0)" } ?? "")
    }

    private func tell(_ note: String, _ state: inout State) {
        line("         \(terminal.styled("note", .yellow)): \(Text.printable(note))", &state)
        state.notes.insert(note)
    }

    private func line(_ text: String, _ state: inout State) {
        clearStatus(&state)
        terminal.write(text + "\n")
    }

    private func status(_ text: String, _ state: inout State) {
        guard terminal.isInteractive else { return }
        terminal.write(Terminal.eraseLine + Text.line(text, width: terminal.columns - 1))
        state.statusShown = true
    }

    private func clearStatus(_ state: inout State) {
        guard state.statusShown else { return }
        terminal.write(Terminal.eraseLine)
        state.statusShown = false
    }
}
