internal import ArgumentParser
internal import ConfigSpace
internal import Foundation
internal import KernelSpec
internal import Measurement
internal import Search

/// Trains the forest on the first results of a search, as LFBO does, and has it judge all others.
struct ForestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forest",
        abstract:
            "Train the forest on the first n results; print what it learned from, its answers, and seconds, as JSON.",
        discussion: "The script beside it gives the same rows and weights to scikit-learn, and judges both.")

    @ArgumentParser.Argument(help: "kernel.json or T1 file.") var kernel: String
    @ArgumentParser.Argument(help: "A JSON object a line, in the order of the search: config, and time_ms or null.")
    var results: String

    @Option(parsing: .upToNextOption, help: "How many results to learn from; several may be given.")
    var first = [50, 100, 200, 400]

    @Option(help: "How many forests of each, with seeds from 0 on.") var seeds = 10
    @Option var trees = 100

    private struct Result: Decodable {
        var config: Config
        var timeMs: Double?
    }

    private struct Report: Encodable {
        struct Split: Encodable {
            var first: Int
            /// Of the rows learned from, in the order of `rows`: what each says for the class and against it.
            var rows: [Int]
            var positive: [Double]
            var negative: [Double]
            /// For each seed, the probabilities of the rows behind the first n.
            var probabilities: [[Double]]
            var fitSeconds: [Double]
            var answerSeconds: [Double]
        }

        /// Each config as the forest sees it.
        var bins: [[UInt8]]
        var splits: [Split]
    }

    func run() throws {
        let space = try KernelSpec.read(from: kernel).configSpace
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let results = try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n").map { line in
            var result = try decoder.decode(Result.self, from: Data(line.utf8))
            result.config = try space.config(from: result.config.object).get()
            return result
        }
        let encoding = space.encoding
        let bins = results.map { encoding.bins(of: $0.config) }
        let splits = try first.filter { $0 < results.count }.map { try split($0, results, bins, encoding, space) }
        try printLine(Report(bins: bins, splits: splits))
    }

    private func split(
        _ first: Int, _ results: [Result], _ bins: [[UInt8]], _ encoding: ConfigEncoding, _ space: ConfigSpace
    ) throws -> Report.Split {
        var history = History(space: space)
        for result in results.prefix(first) {
            history.record(
                Evaluation(
                    config: result.config, outcome: result.timeMs == nil ? .runtimeError : .measured,
                    timing: result.timeMs.map { Timing(medianMs: $0, lowMs: $0, highMs: $0, samples: 1) }),
                round: 0, origin: .search)
        }
        guard let set = TrainingSet(history, encoding, goodShare: LFBOStrategy.Options().goodShare) else {
            throw ValidationError("the first \(first) results hold too few that were measured to learn from")
        }
        let place = Dictionary(zip(results.map(\.config), results.indices)) { first, _ in first }
        let learned = history.ranked.map(\.config) + history.failures.map(\.config)
        var report = Report.Split(
            first: first, rows: learned.compactMap { place[$0] }, positive: set.weights.map(\.positive),
            negative: set.weights.map(\.negative), probabilities: [], fitSeconds: [], answerSeconds: [])
        for seed in 0..<seeds {
            var generator = SplitMix64(seed: UInt64(seed))
            let forest = timed { RandomForest(set, options: .init(trees: trees), using: &generator) }
            let answers = timed { bins[first...].map { forest.result.answer($0).probability } }
            report.probabilities.append(answers.result)
            report.fitSeconds.append(forest.seconds)
            report.answerSeconds.append(answers.seconds)
        }
        return report
    }
}
