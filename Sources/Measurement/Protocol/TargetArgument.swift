import ConfigSpace
import KernelSpec

/// An argument as it travels to a worker: `{"name","dtype","shape","fill","role"}`, or `{"name","dtype","value"}` for a scalar.
struct TargetArgument: Codable, Sendable, Equatable {
    var name: String
    var dtype: DataType
    /// A scalar's value: `value` if it was written with a fraction or exponent, else `integer`.
    var value: Double?
    var integer: Int?
    var shape: [Int]?
    /// The dimensions as they lie in memory, the slowest first; nil is row-major.
    var order: [Int]?
    var fill: TargetFill?
    var role: String?
    /// The module's variable that holds the array.
    var symbol: String?
    /// Whether what lies in a symbol is passed as well; nil for all else, which is passed.
    var isParameter: Bool?

    init(_ argument: Argument) {
        name = argument.name
        dtype = argument.dataType
        symbol = argument.symbol
        isParameter = argument.symbol == nil ? nil : argument.isParameter
        switch argument.kind {
        case .scalar(.int(let number)): integer = number
        case .scalar(.double(let number)): value = number
        case .scalar(.bool(let flag)): integer = flag ? 1 : 0
        case .scalar: break
        case .array(let shape, let fill, let role):
            self.shape = shape
            order = argument.order
            self.fill = TargetFill(fill)
            self.role = role.rawValue
        }
    }

    /// The argument again, on the worker's side.
    func argument() throws(RPCError) -> Argument {
        if let shape, let fill, let role = role.flatMap(Argument.Role.init(rawValue:)) {
            return Argument(
                name: name, dataType: dtype, kind: .array(shape: shape, fill: try fill.fill(), role: role),
                symbol: symbol, isParameter: isParameter, order: order)
        }
        if let integer { return Argument(name: name, dataType: dtype, kind: .scalar(.int(integer))) }
        if let value { return Argument(name: name, dataType: dtype, kind: .scalar(.double(value))) }
        throw .invalidParams("argument \(name) is neither a scalar with a value nor an array with shape, fill and role")
    }
}

/// A fill by its kind's name and the numbers that belong to it.
struct TargetFill: Codable, Sendable, Equatable {
    var kind: String
    /// constant: the value; uniform: low; normal: mean; arange: start.
    var first: Double?
    /// uniform: high; normal: standard deviation; arange: step.
    var second: Double?
    var low: Int?
    var high: Int?
    var seed: UInt64?
    var path: String?

    init(_ fill: Fill) {
        switch fill {
        case .zeros: kind = "zeros"
        case .constant(let value): (kind, first) = ("constant", value)
        case .uniform(let low, let high, let seed):
            (kind, first, second, self.seed) = ("uniform", low, high, seed)
        case .normal(let mean, let deviation, let seed):
            (kind, first, second, self.seed) = ("normal", mean, deviation, seed)
        case .arange(let start, let step): (kind, first, second) = ("arange", start, step)
        case .integers(let low, let high, let seed):
            (kind, self.low, self.high, self.seed) = ("integers", low, high, seed)
        case .file(let path): (kind, self.path) = ("npy", path)
        }
    }

    func fill() throws(RPCError) -> Fill {
        switch (kind, first, second, seed) {
        case ("zeros", _, _, _): return .zeros
        case ("constant", let value?, _, _): return .constant(value)
        case ("uniform", let low?, let high?, let seed?): return .uniform(low: low, high: high, seed: seed)
        case ("normal", let mean?, let deviation?, let seed?):
            return .normal(mean: mean, standardDeviation: deviation, seed: seed)
        case ("arange", let start?, let step?, _): return .arange(start: start, step: step)
        case ("integers", _, _, let seed?):
            if let low, let high { return .integers(low: low, high: high, seed: seed) }
        case ("npy", _, _, _):
            if let path { return .file(path) }
        default: break
        }
        throw .invalidParams("fill \"\(kind)\" is not known or lacks one of its numbers")
    }
}
