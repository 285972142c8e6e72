internal import ConfigSpace

/// Reads a parameter's domain and default: the keys "type", "default" and those of the type.
struct DomainReader {
    let domain: Domain
    let defaultValue: Value

    private enum Kind: String, CaseIterable {
        case powerOf2 = "power_of_2"
        case integer
        case enumeration = "enum"
        case values
        case boolean, permutation, list, tuple

        var keys: [String] {
            switch self {
            case .powerOf2: ["min", "max"]
            case .integer: ["min", "max", "step"]
            case .enumeration, .values: ["values"]
            case .boolean: []
            case .permutation: ["length"]
            case .list: ["length", "of"]
            case .tuple: ["of"]
            }
        }
    }

    /// - Parameter keys: what else the object may hold.
    init(_ node: JSONNode, keys: [String] = []) throws(SpecError) {
        guard node.kind == .object else { throw node.expected("an object") }
        guard let typeNode = node.member("type") else {
            throw node.error(
                "\"type\" is missing", help: "one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let kind = try typeNode.requireCase(of: Kind.self, "type")
        let object = try JSONObject(node, keys: keys + ["type", "default"] + kind.keys)
        let (domain, natural) = try Self.read(kind, object)
        self.domain = domain
        guard let node = object.optional("default") else {
            defaultValue = natural
            return
        }
        guard let value = domain.canonical(node.value) else {
            throw node.error("\(node.value.json) is not allowed", help: "allowed: \(domain.allowed)")
        }
        defaultValue = value
    }

    /// The domain, and the default it has where none is given.
    private static func read(_ kind: Kind, _ object: JSONObject) throws(SpecError) -> (Domain, Value) {
        let domain: Domain
        switch kind {
        case .powerOf2: domain = try readPowerOf2(object)
        case .integer: domain = try readInteger(object)
        case .enumeration, .values: domain = .values(try readValues(object.required("values"), kind))
        case .boolean: domain = .boolean
        case .permutation: domain = .permutation(length: try object.required("length").requireInt(in: 1...64))
        case .list:
            let length = try object.required("length").requireInt(in: 1...1024)
            let element = try DomainReader(object.required("of"))
            let defaults = Array(repeating: element.defaultValue, count: length)
            return (.list(length: length, of: element.domain), .list(defaults))
        case .tuple:
            var elements: [DomainReader] = []
            for node in try object.required("of").requireArray(count: 1...1024) {
                elements.append(try DomainReader(node))
            }
            return (.tuple(elements.map(\.domain)), .list(elements.map(\.defaultValue)))
        }
        return (domain, domain.naturalDefault)
    }

    private static func readPowerOf2(_ object: JSONObject) throws(SpecError) -> Domain {
        var bounds: [Int] = []
        for key in ["min", "max"] {
            let node = try object.required(key)
            let bound = try node.requireInt()
            guard bound > 0, bound & (bound - 1) == 0 else {
                throw node.error("\(bound) is not a power of two", help: "use 1, 2, 4, 8, …")
            }
            bounds.append(bound)
        }
        try checkOrder(bounds[0], bounds[1], object)
        return .powerOf2(min: bounds[0], max: bounds[1])
    }

    private static func readInteger(_ object: JSONObject) throws(SpecError) -> Domain {
        let low = try object.required("min").requireInt()
        let high = try object.required("max").requireInt()
        let step = try object.optional("step").map { node throws(SpecError) in try node.requireInt(in: 1 ... .max) }
        try checkOrder(low, high, object)
        guard !high.subtractingReportingOverflow(low).overflow else {
            throw object.node.error("\(low) to \(high) is more than 64 bits can count")
        }
        return .integer(min: low, max: high, step: step ?? 1)
    }

    private static func checkOrder(_ low: Int, _ high: Int, _ object: JSONObject) throws(SpecError) {
        guard low <= high else {
            throw try object.required("max").error("max \(high) is less than min \(low)", help: "exchange them")
        }
    }

    private static func readValues(_ node: JSONNode, _ kind: Kind) throws(SpecError) -> [Value] {
        var values: [Value] = []
        for element in try node.requireArray(count: 1 ... .max) {
            let value = element.value
            let isScalar = element.kind != .array && element.kind != .object
            guard isScalar || (kind == .values && element.kind == .array && !value.holdsObject) else {
                throw element.expected(
                    kind == .values
                        ? "null, a boolean, a number, a string or a list of them"
                        : "null, a boolean, a number or a string")
            }
            guard !values.contains(where: { $0.isSameNumber(as: value) }) else {
                throw element.error("\(value.json) stands twice", help: "remove one of them")
            }
            values.append(value)
        }
        return values
    }
}

extension Value {
    fileprivate var holdsObject: Bool {
        switch self {
        case .object: true
        case .list(let elements): elements.contains(where: \.holdsObject)
        default: false
        }
    }

    /// Equal as JSON has it: 1 and 1.0 are one number, and no number is a boolean.
    fileprivate func isSameNumber(as other: Value) -> Bool {
        switch (self, other) {
        case (.int(let whole), .double(let real)), (.double(let real), .int(let whole)): Double(whole) == real
        default: self == other
        }
    }
}

extension Domain {
    /// The domain's own value that `value` is: 64 for 64.0; nil when it is none.
    func canonical(_ value: Value) -> Value? {
        if contains(value) { return value }
        switch (self, value) {
        case (.powerOf2, .double(let number)), (.integer, .double(let number)):
            return Int(exactly: number).flatMap { canonical(.int($0)) }
        case (.values(let values), .int), (.values(let values), .double):
            return values.first { $0.isSameNumber(as: value) }
        case (.permutation(let length), .list(let elements)):
            let whole = Domain.list(length: length, of: .integer(min: 0, max: max(0, length - 1), step: 1))
            return whole.canonical(.list(elements)).flatMap { contains($0) ? $0 : nil }
        case (.list(let length, let element), .list(let elements)):
            let own = elements.compactMap { element.canonical($0) }
            return own.count == length && elements.count == length ? .list(own) : nil
        case (.tuple(let domains), .list(let elements)):
            let own = zip(domains, elements).compactMap { $0.canonical($1) }
            return own.count == domains.count && elements.count == domains.count ? .list(own) : nil
        default:
            return nil
        }
    }

    /// The domain's values in words.
    var allowed: String {
        switch self {
        case .powerOf2(let min, let max): "powers of two from \(min) to \(max)"
        case .integer(let min, let max, 1): "whole numbers from \(min) to \(max)"
        case .integer(let min, let max, let step): "whole numbers from \(min) to \(max) in steps of \(step)"
        case .values(let values): values.map(\.json).joined(separator: ", ")
        case .boolean: "true, false"
        case .permutation(let length): "0 to \(length - 1) in any order"
        case .list(let length, let element): "a list of \(length), each of: \(element.allowed)"
        case .tuple(let elements): "a list of \(elements.count): \(elements.map(\.allowed).joined(separator: "; "))"
        }
    }
}
