/// Why parameters and constraints do not make a configuration space.
public enum ConfigSpaceError: Error, Sendable, CustomStringConvertible {
    case duplicateParameter(name: String)
    /// `reason` says what is wrong with the domain's bounds, values or length.
    case invalidDomain(parameter: String, reason: String)
    case defaultOutsideDomain(parameter: String, value: Value, allowed: String)
    /// The error points at the name in the constraint's text.
    case unknownName(name: String, nearest: String?, constraintIndex: Int, error: ExpressionError)
    /// The constraint cannot be evaluated for the default config; `values` are those of the parameters it names.
    case constraintFails(constraintIndex: Int, values: Config, error: ExpressionError)
    case defaultViolatesConstraint(constraintIndex: Int, text: String, values: Config)

    /// The parameter that is wrong, if it is one.
    public var parameter: String? {
        switch self {
        case .duplicateParameter(let name): name
        case .invalidDomain(let parameter, _), .defaultOutsideDomain(let parameter, _, _): parameter
        case .unknownName, .constraintFails, .defaultViolatesConstraint: nil
        }
    }

    /// The index of the constraint that is wrong, if it is one.
    public var constraintIndex: Int? {
        switch self {
        case .duplicateParameter, .invalidDomain, .defaultOutsideDomain: nil
        case .unknownName(_, _, let index, _), .constraintFails(let index, _, _),
            .defaultViolatesConstraint(let index, _, _):
            index
        }
    }

    /// What is wrong inside the constraint's text, if the fault can be pointed at.
    public var expressionError: ExpressionError? {
        switch self {
        case .unknownName(_, _, _, let error), .constraintFails(_, _, let error): error
        case .duplicateParameter, .invalidDomain, .defaultOutsideDomain, .defaultViolatesConstraint: nil
        }
    }

    public var description: String {
        switch self {
        case .duplicateParameter(let name): "there are two parameters named '\(name)'"
        case .invalidDomain(let parameter, let reason): "\(parameter): \(reason)"
        case .defaultOutsideDomain(let parameter, let value, let allowed):
            "\(parameter): the default \(shortened(value.json)) must be \(allowed)"
        case .unknownName(_, _, _, let error): error.description
        case .constraintFails(_, let values, let error): "with the default config (\(values.assignments)): \(error)"
        case .defaultViolatesConstraint(_, let text, let values):
            "the default config violates \(text) (\(values.assignments))"
        }
    }
}

extension Config {
    /// `block_m = 64, block_n = 32`.
    var assignments: String {
        zip(names, values).map { "\($0) = \(shortened($1.json))" }.joined(separator: ", ")
    }
}

/// Text of a message that others supplied, cut where it gets long.
func shortened(_ text: String) -> String {
    let longest = 80
    return text.utf8.count <= longest ? text : "\(text.prefix(longest))…"
}
