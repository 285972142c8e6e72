public import ConfigSpace
internal import Foundation

/// A search that was made before and stands in for one: a session's folder, its result.json, or a file of the same form.
public struct EarlierSearch: Sendable {
    public let baseline: Comparison.Baseline
    /// Empty where there is no journal beside the result.
    public let points: [Curve.Point]

    /// - Parameter path: a session's folder, a result.json, or the baseline.json that a comparison keeps of a search that is
    ///   not autotune's own.
    /// - Throws: a `SessionError` where there is no result with a best config of this space.
    public init(path: String, space: ConfigSpace) throws {
        let isFile = path.hasSuffix(".json")
        let file = isFile ? path : Session(path: path).resultPath
        let result = try EarlierResult(file: file)
        guard let best = result.bestConfig, let config = try? space.config(from: best.object).get() else {
            throw SessionError.noBaseline(file)
        }
        baseline = Comparison.Baseline(
            name: result.name, config: config, seconds: result.seconds, evaluations: result.evaluations)
        let folder = URL(filePath: file).deletingLastPathComponent().path
        let isSession = URL(filePath: file).lastPathComponent == "result.json"
        points = isSession ? Session(path: folder).curve(endingAt: result.seconds) : []
    }
}

/// As much of a result.json, or of a baseline.json, as a comparison needs.
private struct EarlierResult {
    let name: String
    let bestConfig: Config?
    /// As the seconds of a search are counted in a comparison, where the file tells its rounds.
    let seconds: Double
    let evaluations: Int?

    private struct Result: Decodable {
        struct Best: Decodable {
            var config: Config
        }

        struct Round: Decodable {
            var seconds: RoundSeconds
        }

        var strategy: String
        var best: Best?
        var wallSeconds: Double
        var rounds: [Round]?
        var evaluations: Int?
    }

    init(file: String) throws(SessionError) {
        guard let data = FileManager.default.contents(atPath: file) else { throw .noBaseline(file) }
        let decoder = JSONFiles.decoder
        if let result = try? decoder.decode(Result.self, from: data) {
            name = result.strategy
            bestConfig = result.best?.config
            let rounds = result.rounds ?? []
            seconds =
                rounds.isEmpty ? result.wallSeconds : rounds.reduce(0) { $0 + $1.seconds.wall - $1.seconds.model }
            evaluations = result.evaluations
        } else if let baseline = try? decoder.decode(Comparison.Baseline.self, from: data) {
            name = baseline.name
            bestConfig = baseline.config
            seconds = baseline.seconds
            evaluations = baseline.evaluations
        } else {
            throw .noBaseline(file)
        }
    }
}
