/// One thing that is wrong with a proposed config, in words that a model can act on.
///
/// A `field` is the parameter's name, with the place in a list or tuple where there is one: `block_sizes[1]`.
public enum ProposalProblem: Equatable, Sendable, CustomStringConvertible {
    /// The proposal is not a JSON object.
    case notAnObject(Value)
    case unknownField(name: String, nearest: String?)
    case notAList(field: String, value: Value, length: Int)
    case notAScalar(field: String, value: Value, allowed: String)
    case wrongLength(field: String, found: Int, expected: Int)
    /// `allowed` says which values are, for numbers with the nearest.
    case outside(field: String, value: Value, allowed: String)
    case badPermutation(field: String, value: Value, length: Int)
    case violated(text: String, values: Config)
    /// The constraint has no value for these values.
    case cannotEvaluate(text: String, values: Config, reason: String)

    public var description: String {
        switch self {
        case .notAnObject(let value):
            "a config is an object of parameter names and values, not \(value.kind)"
        case .unknownField(let name, let nearest):
            "there is no parameter \(quoted(name))" + (nearest.map { "; did you mean \(quoted($0))?" } ?? "")
        case .notAList(let field, let value, let length):
            "\(field) takes a list of \(length), not \(shortened(value.json))"
        case .notAScalar(let field, let value, let allowed):
            "\(field) takes one value, not \(value.kind): \(shortened(value.json)) must be \(allowed)"
        case .wrongLength(let field, let found, let expected):
            "\(field) takes a list of \(expected), not of \(found)"
        case .outside(let field, let value, let allowed):
            "\(field) = \(shortened(value.json)) must be \(allowed)"
        case .badPermutation(let field, let value, let length):
            "\(field) = \(shortened(value.json)) must be \(Domain.permutation(length: length).allowed)"
        case .violated(let text, let values):
            "violates \(text) (\(values.assignments))"
        case .cannotEvaluate(let text, let values, let reason):
            "\(text) has no value (\(values.assignments)): \(reason)"
        }
    }
}

/// All that is wrong with a proposed config.
public struct ProposalError: Error, Equatable, CustomStringConvertible {
    public let problems: [ProposalProblem]

    public init(problems: [ProposalProblem]) {
        self.problems = problems
    }

    public var description: String { problems.map(\.description).joined(separator: "; ") }
}

private func quoted(_ name: String) -> String { Value.string(shortened(name)).json }
