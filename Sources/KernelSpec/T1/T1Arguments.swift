internal import ConfigSpace

/// Reads a T1 file's kernel arguments.
struct T1Arguments {
    let specification: JSONNode?
    let space: ConfigSpace

    /// The arguments; none, with a warning, where one of them cannot be made, since recorded results need none.
    func read(_ warnings: inout [String]) -> [Argument] {
        guard let specification else { return [] }
        guard let list = specification.member("Arguments"), list.count > 0 else {
            warnings.append(
                (specification.member("Arguments") ?? specification).oddity(
                    "there are no Arguments: only recorded results can be used"))
            return []
        }
        do {
            var arguments: [Argument] = []
            for (position, node) in list.elements.enumerated() {
                arguments.append(try readArgument(node, position, &warnings))
            }
            if !arguments.contains(where: { $0.role == .output || $0.role == .inOut }) {
                warnings.append(list.oddity("no argument is written: only recorded results can be used"))
            }
            return arguments
        } catch {
            warnings.append(error.oddity("only recorded results can be used"))
            return []
        }
    }

    private func readArgument(
        _ node: JSONNode, _ position: Int, _ warnings: inout [String]
    ) throws(SpecError) -> Argument {
        guard let nameNode = node.member("Name"), let typeNode = node.member("Type") else {
            throw node.error("an argument has no Name or no Type")
        }
        let name = try nameNode.requireString()
        let type = try readType(typeNode)
        if node.member("MemoryType")?.string == "Scalar" {
            guard let fill = node.member("FillValue") else { throw node.error("a scalar has no FillValue") }
            let number = try fill.requireDouble()
            guard type.holds(number) else { throw fill.error("\(fill.value.json) does not fit \(type.rawValue)") }
            let value = type.isFloat ? Value.double(number) : fill.int.map(Value.int) ?? .double(number)
            return Argument(name: name, dataType: type, kind: .scalar(value))
        }
        let role = readRole(node, &warnings)
        guard let sizeNode = node.member("Size") else { throw node.error("an array has no Size") }
        let size = try readSize(sizeNode, &warnings)
        guard size <= ArgumentsReader.mostBytes / type.byteCount else {
            throw sizeNode.error("\(size) elements are more than 1 TiB")
        }
        let fill = try readFill(node, type, role, position, &warnings)
        // Kernel Tuner passes what lies in constant memory too, and sources for it have a parameter for it.
        return Argument(
            name: name, dataType: type, kind: .array(shape: [size], fill: fill, role: role),
            symbol: role == .input && node.member("MemType")?.string == "Constant" ? name : nil, isParameter: true)
    }

    private func readType(_ node: JSONNode) throws(SpecError) -> DataType {
        let name = try node.requireString()
        if let type = DataType(rawValue: name) { return type }
        switch name {
        case "float": return .float32
        case "double": return .float64
        case "half": return .float16
        case "char": return .int8
        case "short": return .int16
        case "int": return .int32
        case "long": return .int64
        case "uchar", "unsigned char": return .uint8
        case "ushort", "unsigned short": return .uint16
        case "uint", "unsigned int", "unsigned": return .uint32
        case "ulong", "unsigned long": return .uint64
        default: throw node.unknown("Type", name, among: ["float", "double", "half", "int", "uint", "char", "bool"])
        }
    }

    private func readRole(_ node: JSONNode, _ warnings: inout [String]) -> Argument.Role {
        let access = node.member("AccessType")?.string
        let isOutput = node.member("Output").map { $0.int == 1 || $0.bool == true } ?? false
        switch access {
        case "WriteOnly": return .output
        case "ReadWrite": return .inOut
        case "ReadOnly", nil:
            if isOutput, let access {
                warnings.append(node.oddity("is \(access) and an Output: it is taken as read and written"))
            }
            return isOutput ? .inOut : .input
        case .some(let other):
            warnings.append(node.oddity("has the unknown AccessType \"\(other)\": it is taken as read and written"))
            return .inOut
        }
    }

    private func readFill(
        _ node: JSONNode, _ type: DataType, _ role: Argument.Role, _ position: Int, _ warnings: inout [String]
    ) throws(SpecError) -> Fill {
        if role == .output { return .zeros }
        switch node.member("FillType")?.string {
        case "Constant":
            guard let value = node.member("FillValue") else { return .zeros }
            return .constant(try value.requireDouble())
        case "Random", nil:
            let seed = UInt64(position + 1)
            return type.isFloat
                ? .normal(mean: 0, standardDeviation: 1, seed: seed) : .integers(low: 0, high: 1, seed: seed)
        case .some(let other):
            warnings.append(node.oddity("has the unknown FillType \"\(other)\": zeros are used"))
            return .zeros
        }
    }

    /// In a Size, ProblemSize is the list of sizes, and a parameter stands for the list of all its values.
    private func readSize(_ node: JSONNode, _ warnings: inout [String]) throws(SpecError) -> Int {
        if node.kind == .number { return try node.requireInt(in: 1 ... .max) }
        let names = space.parameters.map(\.name) + ["ProblemSize"]
        let expression = try node.requireExpressionText(over: names)
        let problem = specification?.member("ProblemSize").map { $0.kind == .array ? $0.value : .list([$0.value]) }
        var values = Dictionary(space.parameters.map { ($0.name, $0.domain.listed) }) { first, _ in first }
        values["ProblemSize"] = problem
        if let size = try? expression.evaluateInt({ values[$0] }), size > 0 { return size }
        for parameter in space.parameters where expression.names.contains(parameter.name) {
            values[parameter.name] = parameter.domain.greatest
        }
        let size = try node.evaluateInt(expression, in: 1 ... .max) { values[$0] }
        warnings.append(node.oddity("depends on the config: room for the greatest values is made, \(size) elements"))
        return size
    }
}

extension Domain {
    /// An explicit list's values as one list value.
    fileprivate var listed: Value {
        if case .values(let values) = self { .list(values) } else { .list([]) }
    }

    /// The greatest number of an explicit list.
    fileprivate var greatest: Value {
        guard case .values(let values) = self else { return .null }
        let numbers = values.compactMap { value -> Int? in
            if case .int(let number) = value { number } else { nil }
        }
        return numbers.max().map(Value.int) ?? .null
    }
}
