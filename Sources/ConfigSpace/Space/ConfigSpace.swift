/// The configurations that a kernel can have: parameters with their domains, and constraints between them.
///
/// Enumeration, counting, sampling and neighbours never list configs in order to filter them: a constraint is checked as
/// soon as the parameters it names are chosen, a list's or tuple's elements each for themselves. A config for which a
/// constraint cannot be evaluated is not valid.
public struct ConfigSpace: Sendable {
    public let parameters: [Parameter]
    public let constraints: [Constraint]
    /// Names that constraints can use beside the parameters: the kernel's scalar arguments.
    public let constants: [String: Value]

    let names: [String]
    let compiled: CompiledSpace
    let counter: SharedCounter
    let sharedEncoding: MadeOnce<ConfigEncoding>

    /// A parameter hides a constant of the same name.
    ///
    /// A default that is worth the same as one of the domain's values, such as 64.0 for 64, becomes that value.
    public init(
        parameters: [Parameter], constraints: [Constraint], constants: [String: Value] = [:]
    ) throws(ConfigSpaceError) {
        let parameters = try Self.checked(parameters)
        try Self.checkNames(in: constraints, known: parameters.map(\.name) + constants.keys.sorted())
        self.parameters = parameters
        self.constraints = constraints
        self.constants = constants
        names = parameters.map(\.name)
        compiled = CompiledSpace(parameters, constraints, constants: constants)
        counter = SharedCounter()
        sharedEncoding = MadeOnce()
        try checkDefault()
    }

    /// The first config in lexicographic order that meets the constraints, whatever the parameters' defaults are.
    ///
    /// For files whose defaults are not valid; nil where no config is. The errors are those of `init`, defaults apart.
    public static func firstValidConfig(
        parameters: [Parameter], constraints: [Constraint], constants: [String: Value] = [:]
    ) throws(ConfigSpaceError) -> Config? {
        let plain = parameters.map { Parameter(name: $0.name, domain: $0.domain) }
        try checkNames(in: constraints, known: parameters.map(\.name) + constants.keys.sorted())
        let compiled = CompiledSpace(try checked(plain), constraints, constants: constants)
        var configs = ConfigSequence(compiled, names: parameters.map(\.name))
        return configs.next()
    }

    /// The config of all defaults.
    public var defaultConfig: Config {
        Config(names: names, values: parameters.map(\.defaultValue))
    }

    /// The valid configs, found as they are asked for, in lexicographic order: the last parameter varies fastest.
    public func allConfigs() -> some Sequence<Config> & Sendable {
        ConfigSequence(compiled, names: names)
    }

    /// The value of a parameter, or of a constant if there is no parameter of that name: what expressions look up.
    public func value(of name: String, in config: Config) -> Value? {
        config[name] ?? constants[name]
    }

    /// The parameters with canonical defaults, if each makes sense alone.
    private static func checked(_ parameters: [Parameter]) throws(ConfigSpaceError) -> [Parameter] {
        var names: Set<String> = []
        var scalars = 0
        var result: [Parameter] = []
        for parameter in parameters {
            guard names.insert(parameter.name).inserted else { throw .duplicateParameter(name: parameter.name) }
            if let reason = parameter.domain.fault {
                throw .invalidDomain(parameter: parameter.name, reason: reason)
            }
            scalars += parameter.domain.scalarCount
            guard scalars <= Domain.mostScalars else {
                throw .invalidDomain(
                    parameter: parameter.name, reason: "a space has at most \(Domain.mostScalars) scalars in all")
            }
            var problems: [ProposalProblem] = []
            let value = parameter.domain.read(parameter.defaultValue, at: parameter.name, problems: &problems)
            guard problems.isEmpty else {
                throw .defaultOutsideDomain(
                    parameter: parameter.name, value: parameter.defaultValue, allowed: parameter.domain.allowed)
            }
            result.append(
                Parameter(
                    name: parameter.name, domain: parameter.domain, defaultValue: value,
                    description: parameter.description))
        }
        return result
    }

    private static func checkNames(in constraints: [Constraint], known: [String]) throws(ConfigSpaceError) {
        let names = Set(known)
        for (index, constraint) in constraints.enumerated() {
            let expression = constraint.expression
            for (position, name) in expression.names.enumerated() where !names.contains(name) {
                let near = nearest(to: name, among: known)
                let help = near.map { "; did you mean '\($0)'?" } ?? ""
                throw .unknownName(
                    name: name, nearest: near, constraintIndex: index,
                    error: expression.missing(position, help: help))
            }
        }
    }

    private func checkDefault() throws(ConfigSpaceError) {
        let config = defaultConfig
        for (index, constraint) in constraints.enumerated() {
            guard let violation = violation(of: constraint, in: config) else { continue }
            if let error = violation.error {
                throw .constraintFails(constraintIndex: index, values: violation.values, error: error)
            }
            throw .defaultViolatesConstraint(
                constraintIndex: index, text: constraint.text, values: violation.values)
        }
    }
}
