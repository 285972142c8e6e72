import ConfigSpace

/// The value of an expression in which `names` have values.
func evaluate(_ text: String, _ names: [String: Value] = [:]) throws -> Value {
    try Expression(parsing: text).evaluate { names[$0] }
}

/// The values of a list expression, as T1 files have them.
func values(_ text: String) throws -> Domain {
    guard case .list(let values) = try evaluate(text) else { return .values([]) }
    return .values(values)
}

/// What an expression's reading or evaluation says is wrong with it.
func complaint(_ text: String, _ names: [String: Value] = [:]) -> ExpressionError? {
    do {
        _ = try evaluate(text, names)
        return nil
    } catch {
        return error as? ExpressionError
    }
}

func space(
    _ parameters: [(String, Domain)], _ constraints: [String] = [], constants: [String: Value] = [:],
    defaults: [String: Value] = [:]
) throws -> ConfigSpace {
    try ConfigSpace(
        parameters: parameters.map { Parameter(name: $0.0, domain: $0.1, defaultValue: defaults[$0.0]) },
        constraints: constraints.map { Constraint(try Expression(parsing: $0)) }, constants: constants)
}

/// The space with the first valid config as its default, for domains whose natural default is not valid.
func spaceWithValidDefault(_ parameters: [(String, Domain)], _ constraints: [String]) throws -> ConfigSpace? {
    let plain = parameters.map { Parameter(name: $0.0, domain: $0.1) }
    let conditions = try constraints.map { Constraint(try Expression(parsing: $0)) }
    guard let first = try ConfigSpace.firstValidConfig(parameters: plain, constraints: conditions) else { return nil }
    return try ConfigSpace(
        parameters: plain.map { Parameter(name: $0.name, domain: $0.domain, defaultValue: first[$0.name]) },
        constraints: conditions)
}

/// All values of a small domain, in order, found in the plainest way.
func allValues(of domain: Domain) -> [Value] {
    switch domain {
    case .powerOf2(let min, let max):
        return (0..<62).map { 1 << $0 }.filter { $0 >= min && $0 <= max }.map { .int($0) }
    case .integer(let min, let max, let step):
        return stride(from: min, through: max, by: step).map { .int($0) }
    case .values(let values): return values
    case .boolean: return [.bool(false), .bool(true)]
    case .permutation(let length):
        return product(Array(repeating: (0..<length).map { .int($0) }, count: length))
            .filter { Set($0).count == length }.map { .list($0) }
    case .list(let length, let element):
        return product(Array(repeating: allValues(of: element), count: length)).map { .list($0) }
    case .tuple(let elements): return product(elements.map(allValues)).map { .list($0) }
    }
}

/// All ways to take one of each, the last varying fastest.
func product(_ choices: [[Value]]) -> [[Value]] {
    choices.reduce([[]]) { prefixes, choices in
        prefixes.flatMap { prefix in choices.map { prefix + [$0] } }
    }
}

/// The valid configs by trying every one, with the general evaluator.
func bruteForce(_ space: ConfigSpace) -> [Config] {
    let names = space.parameters.map(\.name)
    return product(space.parameters.map { allValues(of: $0.domain) })
        .map { Config(names: names, values: $0) }
        .filter { config in
            space.constraints.allSatisfy { constraint in
                (try? constraint.expression.evaluateCondition { space.value(of: $0, in: config) }) ?? false
            }
        }
}
