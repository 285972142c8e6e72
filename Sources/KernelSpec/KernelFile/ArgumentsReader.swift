internal import ConfigSpace

/// Reads kernel.json's "arguments".
struct ArgumentsReader {
    let place: SpecPlace
    let language: Language

    /// 1 TiB: more than any device holds, and far from overflow.
    static let mostBytes = 1 << 40

    func read(_ node: JSONNode) throws(SpecError) -> [Argument] {
        var arguments: [Argument] = []
        for element in try node.requireArray(count: 1 ... .max) {
            arguments.append(try readArgument(element, earlier: arguments))
        }
        // What a Helion function computes it returns.
        guard !language.tellsSpace else { return arguments }
        guard arguments.contains(where: { $0.role == .output || $0.role == .inOut }) else {
            throw node.error(
                "no argument is an output", help: "give what the kernel writes \"role\": \"output\" or \"inout\"")
        }
        return arguments
    }

    private func readArgument(_ node: JSONNode, earlier: [Argument]) throws(SpecError) -> Argument {
        let object = try JSONObject(node, keys: ["name", "dtype", "shape", "order", "fill", "role", "value", "symbol"])
        let name = try object.required("name")
        let nameText = try name.requireString()
        if let fault = Identifier.fault(in: nameText) {
            throw name.error("\(Value.string(nameText).json) \(fault)", help: "use another name")
        }
        guard !earlier.contains(where: { $0.name == nameText }) else {
            throw name.error("the argument \(nameText) stands twice", help: "use another name")
        }
        let type = try object.required("dtype").requireCase(of: DataType.self, "dtype")
        if let value = object.optional("value") {
            for key in ["shape", "order", "fill", "role", "symbol"] {
                guard let member = object.optional(key) else { continue }
                throw member.error(
                    "a scalar (with \"value\") has no \(key)", help: "remove \"\(key)\", or \"value\" for an array")
            }
            return Argument(name: nameText, dataType: type, kind: .scalar(try readScalar(value, type)))
        }
        guard let shapeNode = object.optional("shape") else {
            throw node.error("has neither \"shape\" nor \"value\"", help: "an array has a shape, a scalar a value")
        }
        let shape = try readShape(shapeNode, type, earlier)
        let order = try object.optional("order").map { node throws(SpecError) in try readOrder(node, shape.count) }
        let role = try object.optional("role").map { node throws(SpecError) in
            try node.requireCase(of: Argument.Role.self, "role")
        }
        let unfilled = Argument(
            name: nameText, dataType: type, kind: .array(shape: shape, fill: .zeros, role: role ?? .input))
        let fill = try FillReader(place: place, argument: unfilled, position: earlier.count).read(
            object.optional("fill"))
        return Argument(
            name: nameText, dataType: type, kind: .array(shape: shape, fill: fill, role: role ?? .input),
            symbol: try object.optional("symbol").map { node throws(SpecError) in try readSymbol(node, role) },
            order: order)
    }

    private func readSymbol(_ node: JSONNode, _ role: Argument.Role?) throws(SpecError) -> String {
        guard language == .cuda else {
            throw node.error(
                "only a cuda kernel has arguments in symbols", help: "remove \"symbol\"; the array is passed")
        }
        guard role == nil || role == .input else {
            throw node.error("an array in a symbol is an input", help: "remove \"role\", or \"symbol\"")
        }
        let name = try node.requireString()
        let parts = name.split(separator: "::", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ Identifier.isIdentifier(String($0)) }) else {
            throw node.error(
                "\(Value.string(name).json) is no name of a variable",
                help: "write it as in C++: filter, tables::filter")
        }
        return name
    }

    private func readShape(_ node: JSONNode, _ type: DataType, _ earlier: [Argument]) throws(SpecError) -> [Int] {
        let scalars = earlier.scalars
        let names = earlier.map(\.name).filter { scalars[$0] != nil }
        var shape: [Int] = []
        var bytes = type.byteCount
        for element in try node.requireArray(count: 1 ... .max) {
            let extent = try element.evaluateInt(
                element.requireExpression(over: names), in: 1 ... .max
            ) { scalars[$0] }
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard !overflow, product <= Self.mostBytes else {
                throw node.error("an array of this shape is larger than 1 TiB")
            }
            bytes = product
            shape.append(extent)
        }
        return shape
    }

    private func readOrder(_ node: JSONNode, _ rank: Int) throws(SpecError) -> [Int] {
        var order: [Int] = []
        for element in try node.requireArray(count: 0 ... .max) { order.append(try element.requireInt()) }
        guard order.sorted() == Array(0..<rank) else {
            throw node.error(
                "is no order of the shape's \(rank) dimensions",
                help: "name each once, from 0 on, the slowest in memory first: [1, 0] is a column-major matrix")
        }
        return order
    }

    private func readScalar(_ node: JSONNode, _ type: DataType) throws(SpecError) -> Value {
        if type == .bool {
            guard let truth = node.bool else { throw node.expected("true or false") }
            return .bool(truth)
        }
        let number = try node.requireDouble()
        if type.isInteger {
            let whole = try node.requireInt()
            guard type.holds(whole) else {
                throw node.error("\(whole) does not fit \(type.rawValue)")
            }
            return .int(whole)
        }
        guard type.holds(number) else { throw node.error("\(node.value.json) does not fit \(type.rawValue)") }
        return .double(number)
    }
}
