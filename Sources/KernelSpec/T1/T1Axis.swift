internal import ConfigSpace

/// One tuning parameter of a T1 file: its name and its values in order.
struct T1Axis {
    let name: String
    let values: [Value]

    init(_ node: JSONNode, _ warnings: inout [String]) throws(SpecError) {
        guard let nameNode = node.member("Name") else { throw node.error("\"Name\" is missing") }
        name = try nameNode.requireString()
        if let fault = Identifier.fault(in: name) {
            warnings.append(nameNode.oddity("\(Value.string(name).json) \(fault)"))
        }
        guard let valuesNode = node.member("Values") else { throw node.error("\"Values\" is missing") }
        var kept: [Value] = []
        for value in try Self.readValues(valuesNode) {
            if kept.contains(value) {
                warnings.append(valuesNode.oddity("\(value.json) stands twice: it counts once"))
            } else {
                kept.append(value)
            }
        }
        guard !kept.isEmpty else { throw valuesNode.error("gives no values") }
        if node.member("Type")?.string == "int", let odd = kept.first(where: { $0.isDouble }) {
            warnings.append(valuesNode.oddity("\(odd.json) is no int: it is kept as it is written"))
        }
        values = kept
    }

    /// Values are a Python expression in a string; a JSON array is taken too.
    private static func readValues(_ node: JSONNode) throws(SpecError) -> [Value] {
        guard node.kind == .string else { return try node.requireArray().map(\.value) }
        let expression = try node.requireExpressionText(over: [])
        do {
            let value = try expression.evaluate { _ in nil }
            if case .list(let values) = value { return values }
            return [value]
        } catch {
            throw node.fault(error)
        }
    }

    /// The parameter's Default, or its first value where it has none that is among its values.
    func readDefault(_ node: JSONNode, _ warnings: inout [String]) -> Value {
        guard let written = node.member("Default") else {
            warnings.append(node.oddity("\(name) has no Default: \(values[0].json) is taken"))
            return values[0]
        }
        let value = written.value
        if let own = own(value) { return own }
        if case .list(let elements) = value, elements.count == 1, let own = own(elements[0]) {
            warnings.append(written.oddity("\(name)'s Default is the list \(value.json): \(own.json) is taken"))
            return own
        }
        if case .string(let text) = value, let own = (try? Expression(parsing: text).evaluate { _ in nil }).flatMap(own)
        {
            warnings.append(written.oddity("\(name)'s Default is the text \(value.json): \(own.json) is taken"))
            return own
        }
        warnings.append(
            written.oddity("\(name)'s Default \(value.json) is not among its values: \(values[0].json) is taken"))
        return values[0]
    }

    /// The value among this parameter's that equals `value` as Python has it: 1, 1.0 and true are one.
    private func own(_ value: Value) -> Value? {
        if values.contains(value) { return value }
        guard let number = value.number else { return nil }
        return values.first { $0.number == number }
    }
}

extension Value {
    fileprivate var isDouble: Bool {
        if case .double = self { true } else { false }
    }

    fileprivate var number: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        case .bool(let truth): truth ? 1 : 0
        default: nil
        }
    }
}
