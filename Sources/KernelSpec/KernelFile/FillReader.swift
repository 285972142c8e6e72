internal import ConfigSpace

/// Reads an argument's "fill".
struct FillReader {
    let place: SpecPlace
    let argument: Argument
    /// The argument's place in the signature, which is its seed where none is given.
    let position: Int

    private enum Kind: String, CaseIterable {
        case zeros, constant, uniform, normal, arange, integers, npy

        var keys: [String] {
            switch self {
            case .zeros: []
            case .constant: ["value"]
            case .uniform: ["low", "high", "seed"]
            case .normal: ["mean", "std", "seed"]
            case .arange: ["start", "step"]
            case .integers: ["low", "high", "seed"]
            case .npy: ["file"]
            }
        }
    }

    func read(_ node: JSONNode?) throws(SpecError) -> Fill {
        guard let node else { return Self.standard(argument, position: position) }
        if argument.role == .output {
            throw node.error(
                "an output is overwritten and takes no fill", help: "remove it, or make the role \"inout\"")
        }
        guard node.kind == .object else { throw node.expected("an object") }
        guard let kindNode = node.member("kind") else { throw node.error("\"kind\" is missing") }
        let kind = try kindNode.requireCase(of: Kind.self, "fill")
        let object = try JSONObject(node, keys: ["kind"] + kind.keys)
        if kind == .uniform || kind == .normal, !argument.dataType.isFloat {
            throw kindNode.error(
                "\(kind.rawValue) gives fractions, and \(argument.name) is \(argument.dataType.rawValue)",
                help: "use \"integers\" with \"low\" and \"high\"")
        }
        return try readFill(kind, object)
    }

    private func readFill(_ kind: Kind, _ object: JSONObject) throws(SpecError) -> Fill {
        switch kind {
        case .zeros:
            return .zeros
        case .constant:
            return .constant(try held(object.required("value")))
        case .uniform:
            let low = try object.optional("low").map { node throws(SpecError) in try held(node) } ?? 0
            let high = try object.optional("high").map { node throws(SpecError) in try held(node) } ?? 1
            guard low < high else { throw object.node.error("low \(low) is not below high \(high)") }
            return .uniform(low: low, high: high, seed: try seed(object))
        case .normal:
            let mean = try object.optional("mean").map { node throws(SpecError) in try held(node) } ?? 0
            let deviation = object.optional("std")
            let width = try deviation.map { node throws(SpecError) in try held(node) } ?? 1
            if let deviation, width < 0 { throw deviation.error("\(deviation.value.json) is negative") }
            return .normal(mean: mean, standardDeviation: width, seed: try seed(object))
        case .arange:
            return try readRange(object)
        case .integers:
            let low = try heldWhole(object.required("low"))
            let high = try heldWhole(object.required("high"))
            guard low <= high else { throw object.node.error("low \(low) is above high \(high)") }
            return .integers(low: low, high: high, seed: try seed(object))
        case .npy:
            return try readFile(object.required("file"))
        }
    }

    private func readRange(_ object: JSONObject) throws(SpecError) -> Fill {
        let start = try object.optional("start").map { node throws(SpecError) in try held(node) } ?? 0
        let step = try object.optional("step").map { node throws(SpecError) in try node.requireDouble() } ?? 1
        let last = start + step * Double(argument.elementCount - 1)
        guard argument.dataType.holds(last), argument.dataType.holds(start + step) || argument.elementCount == 1 else {
            throw object.node.error(
                "the last element, \(Value.double(last).json), does not fit \(argument.dataType.rawValue)",
                help: "use a smaller step or another dtype")
        }
        return .arange(start: start, step: step)
    }

    private func readFile(_ node: JSONNode) throws(SpecError) -> Fill {
        let path = place.resolve(try node.requireString())
        try node.checkNumPyFile(path, for: argument)
        return .file(path)
    }

    /// A number that the element type can hold.
    private func held(_ node: JSONNode) throws(SpecError) -> Double {
        let number = try node.requireDouble()
        guard argument.dataType.holds(number) else {
            throw node.error("\(node.value.json) does not fit \(argument.dataType.rawValue)")
        }
        return number
    }

    private func heldWhole(_ node: JSONNode) throws(SpecError) -> Int {
        let whole = try node.requireInt()
        guard argument.dataType.holds(whole) else {
            throw node.error("\(whole) does not fit \(argument.dataType.rawValue)")
        }
        return whole
    }

    private func seed(_ object: JSONObject) throws(SpecError) -> UInt64 {
        guard let node = object.optional("seed") else { return UInt64(position + 1) }
        return UInt64(try node.requireInt(in: 0 ... .max))
    }

    /// What an argument without a fill starts as: random numbers of its own, 0 or 1 where they are whole, so that
    /// they are in bounds where they index.
    static func standard(_ argument: Argument, position: Int) -> Fill {
        if argument.role == .output { return .zeros }
        let seed = UInt64(position + 1)
        return argument.dataType.isFloat
            ? .normal(mean: 0, standardDeviation: 1, seed: seed) : .integers(low: 0, high: 1, seed: seed)
    }
}

extension JSONNode {
    /// - Throws: an error at this node when the .npy file cannot be read or has not the argument's type and shape.
    func checkNumPyFile(_ path: String, for argument: Argument) throws(SpecError) {
        do {
            try NumPyFile(path: path).check(argument)
        } catch {
            throw self.error("\(string ?? path): \(error.message)", help: error.help)
        }
    }
}
