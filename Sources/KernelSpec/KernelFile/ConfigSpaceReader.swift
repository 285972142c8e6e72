internal import ConfigSpace

/// Reads kernel.json's "config_space" and "constraints" into a space whose default is valid.
struct ConfigSpaceReader {
    let arguments: [Argument]

    func read(_ node: JSONNode, constraints constraintsNode: JSONNode?) throws(SpecError) -> ConfigSpace {
        let parameterNodes = try node.requireArray(count: 1 ... .max)
        var parameters: [Parameter] = []
        for element in parameterNodes {
            let parameter = try readParameter(element)
            if let fault = clash(of: parameter, with: parameters) {
                throw (element.member("name") ?? element).error(fault, help: "use another name")
            }
            parameters.append(parameter)
        }
        let scalars = arguments.scalars
        let names = parameters.map(\.name) + arguments.map(\.name).filter { scalars[$0] != nil }
        let constraintNodes = try constraintsNode?.requireArray() ?? []
        var constraints: [Constraint] = []
        for element in constraintNodes {
            guard element.kind == .string else { throw element.expected("an expression in a string") }
            constraints.append(Constraint(try element.requireExpressionText(over: names)))
        }
        do {
            return try ConfigSpace(parameters: parameters, constraints: constraints, constants: scalars)
        } catch {
            throw self.error(error, at: node, parameterNodes, constraintNodes)
        }
    }

    private func readParameter(_ node: JSONNode) throws(SpecError) -> Parameter {
        guard node.kind == .object else { throw node.expected("an object") }
        guard let nameNode = node.member("name") else { throw node.error("\"name\" is missing") }
        let name = try nameNode.requireString()
        if let fault = Identifier.fault(in: name) {
            throw nameNode.error(
                "\(Value.string(name).json) \(fault)", help: "parameters become macros: use another name")
        }
        let reading = try DomainReader(node, keys: ["name", "description"])
        let description = try node.member("description").map { node throws(SpecError) in try node.requireString() }
        return Parameter(
            name: name, domain: reading.domain, defaultValue: reading.defaultValue, description: description)
    }

    /// What the name of `parameter` collides with, in expressions or among macros.
    private func clash(of parameter: Parameter, with others: [Parameter]) -> String? {
        let name = parameter.name
        if others.contains(where: { $0.name == name }) { return "the parameter \(name) stands twice" }
        if arguments.contains(where: { $0.name == name }) { return "\(name) is an argument's name already" }
        for other in others {
            for (list, single) in [(other, name), (parameter, other.name)] where list.hasMacro(single) {
                return "\(single) is a macro of the parameter \(list.name) already"
            }
        }
        return nil
    }

    private func error(
        _ error: ConfigSpaceError, at space: JSONNode, _ parameters: [JSONNode], _ constraints: [JSONNode]
    ) -> SpecError {
        if let index = error.constraintIndex, constraints.indices.contains(index) {
            let constraint = constraints[index]
            if let fault = error.expressionError {
                return constraint.error("\(fault.message), for the default config", atByte: fault.offset)
            }
            return constraint.error(error.description, help: "change the defaults or the constraint")
        }
        let named = parameters.first { $0.member("name")?.string == error.parameter }
        return (named ?? space).error(error.description)
    }
}

extension Parameter {
    /// Whether `macro` is one of those a list or a text is handed to the kernel by: NAME_0, NAME_1_2, NAME_COUNT,
    /// NAME_INDEX.
    fileprivate func hasMacro(_ macro: String) -> Bool {
        guard macro.hasPrefix(name + "_") else { return false }
        let suffix = macro.dropFirst(name.count + 1)
        switch domain {
        case .powerOf2, .integer, .boolean: return false
        case .values, .permutation, .list, .tuple:
            return suffix == "COUNT" || suffix == "INDEX" || suffix.utf8.allSatisfy { $0.isDigit || $0 == 0x5F }
        }
    }
}
