internal import ConfigSpace
internal import Foundation
internal import Measurement
internal import Search

/// How a side of a comparison came to its best, seed by seed.
public struct Curve: Sendable, Codable {
    /// From here on the best is as it says, until the next point.
    public struct Point: Sendable, Codable, Equatable {
        /// Configs evaluated until then, the default among them; nil where the side does not tell.
        public var evaluations: Int?
        /// Of the search, at the end of the round that brought it, without waiting for a model.
        public var seconds: Double
        /// By single times.
        public var bestMs: Double

        public init(evaluations: Int?, seconds: Double, bestMs: Double) {
            self.evaluations = evaluations
            self.seconds = seconds
            self.bestMs = bestMs
        }
    }

    public struct Run: Sendable, Codable {
        public var seed: UInt64
        /// Where the best changed, and the end of the search last.
        public var points: [Point]
    }

    public var name: String
    public var runs: [Run]

    /// What is counted when sides are compared at the same cost.
    public enum Cost: String, Sendable, CaseIterable {
        case evaluations, seconds
    }
}

extension Curve.Point {
    public func cost(_ cost: Curve.Cost) -> Double? {
        switch cost {
        case .evaluations: evaluations.map(Double.init)
        case .seconds: seconds
        }
    }
}

extension Curve.Run {
    /// The best for at most `most`; nil where nothing was known yet, or the search was over before.
    public func best(_ cost: Curve.Cost, atMost most: Double) -> Double? {
        guard let end = points.last?.cost(cost), end >= most else { return nil }
        return bestOrEnd(cost, atMost: most)
    }

    /// The same, and behind its end what the search ended with.
    public func bestOrEnd(_ cost: Curve.Cost, atMost most: Double) -> Double? {
        points.last { $0.cost(cost).map { $0 <= most } ?? false }?.bestMs
    }
}

extension Curve {
    /// The search of all runs, called L as its rows are, and each baseline.
    ///
    /// Where nothing is known of a side but its end, that is its one point, by the time that it has side by side.
    static func make(_ runs: [Comparison.Run], timed: [Config: Evaluation]) -> [Curve] {
        let names = ["L (\(runs[0].search.strategy))"] + runs[0].baselines.map(\.name)
        return names.enumerated().map { side, name in
            Curve(
                name: name,
                runs: runs.map { run in
                    var points = run.points[side]
                    if points.isEmpty, side > 0, let timeMs = timed[run.baselines[side - 1].config]?.timeMs {
                        let baseline = run.baselines[side - 1]
                        points = [
                            Point(evaluations: baseline.evaluations, seconds: baseline.seconds, bestMs: timeMs)
                        ]
                    }
                    return Run(seed: run.seed, points: points)
                })
        }
    }
}

extension Session {
    /// How the session's search came to its best, as far as its journal tells; empty without one.
    ///
    /// - Parameter seconds: of the whole search; what came after the last finished round is put at its end.
    public func curve(endingAt seconds: Double) -> [Curve.Point] {
        let decoder = JSONFiles.decoder
        var points: [Curve.Point] = []
        var evaluations = 0
        var elapsed = 0.0
        var best = Double.infinity
        var firstOpen = 0
        for line in (FileManager.default.contents(atPath: journalPath) ?? Data()).split(separator: UInt8(ascii: "\n")) {
            // The last line of a killed run is cut off.
            guard let event = try? decoder.decode(JournalEvent.self, from: line) else { continue }
            switch event {
            case .evaluation(let event):
                if event.evaluation.outcome != .notRecorded { evaluations += 1 }
                guard let timeMs = event.evaluation.timeMs, timeMs < best else { continue }
                best = timeMs
                points.append(Curve.Point(evaluations: evaluations, seconds: seconds, bestMs: best))
            case .roundFinished(let summary):
                elapsed += summary.seconds.wall - summary.seconds.model
                for index in firstOpen..<points.count { points[index].seconds = elapsed }
                firstOpen = points.count
            case .roundStarted, .proposals, .retimed, .stopped: break
            }
        }
        let end = Curve.Point(evaluations: evaluations, seconds: max(seconds, elapsed), bestMs: best)
        if let last = points.last, last != end { points.append(end) }
        return points
    }
}
