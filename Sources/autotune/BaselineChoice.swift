internal import ArgumentParser
internal import Foundation

/// One value of `compare --baseline`.
enum BaselineChoice {
    /// Helion's own autotuner.
    case helion
    case strategy(SearchOptions.StrategyName)
    /// An earlier session's folder, or a file that tells what one came to.
    case earlier(path: String)

    static let helionName = "helion"

    init(_ argument: String) throws {
        if argument == Self.helionName {
            self = .helion
        } else if let strategy = SearchOptions.StrategyName(rawValue: argument) {
            self = .strategy(strategy)
        } else if FileManager.default.fileExists(atPath: argument) {
            self = .earlier(path: argument)
        } else {
            throw ValidationError(
                "--baseline \(argument) is neither a search (\(Self.searches)) nor a session's folder")
        }
    }

    /// The names of what is searched for, for messages.
    static var searches: String {
        ([helionName] + SearchOptions.StrategyName.allCases.map(\.rawValue)).joined(separator: ", ")
    }

    /// Whether it is searched for, rather than known from earlier.
    var isSearch: Bool {
        if case .earlier = self { false } else { true }
    }

    var isHelion: Bool {
        if case .helion = self { true } else { false }
    }

    var asksModel: Bool {
        if case .strategy(let name) = self { name.asksModel } else { false }
    }
}
