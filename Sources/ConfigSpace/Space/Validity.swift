/// A constraint that a config does not meet.
public struct ConstraintViolation: Sendable {
    public let constraint: Constraint
    /// The parameters and constants that the constraint names, with their values.
    public let values: Config
    /// Why the constraint could not be evaluated, if that is how it fails.
    public let error: ExpressionError?
}

extension ConfigSpace {
    /// The constraints that `config`, which has a value for each parameter, does not meet, in their order.
    public func violatedConstraints(in config: Config) -> [ConstraintViolation] {
        constraints.compactMap { violation(of: $0, in: config) }
    }

    /// Whether `config` has a value of the domain for each parameter, no other names, and meets all constraints.
    public func isValid(_ config: Config) -> Bool {
        var values: [Value] = []
        for parameter in parameters {
            guard let value = config[parameter.name], parameter.domain.contains(value) else { return false }
            values.append(value)
        }
        return config.names.count == parameters.count && meetsConstraints(values)
    }

    /// Whether `values`, one of its domain for each parameter, meet all constraints.
    func meetsConstraints(_ values: [Value]) -> Bool {
        // Closures that read it from `self` would have the whole space copied for each call.
        let compiled = compiled
        var cells = compiled.cells
        for (shape, value) in zip(compiled.layout.shapes, values) {
            compiled.layout.scatter(value, over: shape) { axis, value in
                cells[axis] = compiled.layout.symbols.known(value)
            }
        }
        return compiled.conditions.indices.allSatisfy { condition in
            compiled.holdsFast(condition, &cells) ?? compiled.conditions[condition].holdsSlowly { values[$0] }
        }
    }

    func violation(of constraint: Constraint, in config: Config) -> ConstraintViolation? {
        let named = constraint.expression.names.filter { value(of: $0, in: config) != nil }
        func violated(_ error: ExpressionError?) -> ConstraintViolation {
            let values = Config(names: named, values: named.compactMap { value(of: $0, in: config) })
            return ConstraintViolation(constraint: constraint, values: values, error: error)
        }
        do {
            let holds = try constraint.expression.evaluateCondition { value(of: $0, in: config) }
            return holds ? nil : violated(nil)
        } catch {
            return violated(error)
        }
    }
}
