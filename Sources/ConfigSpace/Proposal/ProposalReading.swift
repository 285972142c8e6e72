extension ConfigSpace {
    /// The config that a proposal (an object of parameter names and values) stands for, or all that is wrong with it.
    ///
    /// Parameters that it does not name have their defaults. Nothing is repaired: a number is taken for the domain's value
    /// that it equals, `64.0` for 64, and `"64"` or `[64]` are refused.
    ///
    ///     space.config(from: .object(["block_m": .int(48), "warps": .int(4)]))
    ///     // block_m = 48 must be a power of two from 16 to 256; nearest: 32 and 64;
    ///     // there is no parameter "warps"; did you mean "num_warps"?
    public func config(from proposal: Value) -> Result<Config, ProposalError> {
        guard case .object(let members) = proposal else {
            return .failure(ProposalError(problems: [.notAnObject(proposal)]))
        }
        var problems: [ProposalProblem] = []
        var refused: Set<String> = []
        var values: [Value] = []
        for parameter in parameters {
            guard let value = members[parameter.name] else {
                values.append(parameter.defaultValue)
                continue
            }
            let known = problems.count
            values.append(parameter.domain.read(value, at: parameter.name, problems: &problems))
            if problems.count > known { refused.insert(parameter.name) }
        }
        for name in members.keys.sorted() where !names.contains(name) {
            problems.append(.unknownField(name: name, nearest: nearest(to: name, among: names)))
        }
        if problems.isEmpty, meetsConstraints(values) { return .success(Config(names: names, values: values)) }
        let config = Config(names: names, values: values)
        for constraint in constraints where refused.isDisjoint(with: constraint.expression.names) {
            guard let violation = violation(of: constraint, in: config) else { continue }
            if let error = violation.error {
                problems.append(
                    .cannotEvaluate(text: constraint.text, values: violation.values, reason: error.message))
            } else {
                problems.append(.violated(text: constraint.text, values: violation.values))
            }
        }
        return .failure(ProposalError(problems: problems))
    }
}
