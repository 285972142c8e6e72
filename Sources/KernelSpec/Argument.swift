public import ConfigSpace

/// One argument of the kernel, in the order of its signature.
public struct Argument: Sendable {
    public enum Role: String, Sendable, CaseIterable {
        case input
        case output
        /// Read and written: restored before every verified run.
        case inOut = "inout"
    }

    public enum Kind: Sendable {
        case scalar(Value)
        /// `shape` in elements, row-major unless `order` says otherwise; every extent at least 1.
        case array(shape: [Int], fill: Fill, role: Role)
    }

    public let name: String
    public let dataType: DataType
    public let kind: Kind
    /// The variable of the kernel's module (in constant memory, say) that holds the input; nil where none does.
    public let symbol: String?
    /// Whether the kernel has a parameter for it; what lies in a symbol may be passed as well.
    public let isParameter: Bool
    /// An array's dimensions as they lie in memory, the slowest first; nil is row-major (`ArrayLayout`).
    public let order: [Int]?

    /// - Parameter isParameter: nil passes what does not lie in a symbol.
    public init(
        name: String, dataType: DataType, kind: Kind, symbol: String? = nil, isParameter: Bool? = nil,
        order: [Int]? = nil
    ) {
        self.order = order
        self.symbol = symbol
        self.isParameter = isParameter ?? (symbol == nil)
        self.name = name
        self.dataType = dataType
        self.kind = kind
    }
}

/// What the elements of an array argument start as.
public enum Fill: Sendable, Hashable {
    case zeros
    case constant(Double)
    /// Uniform in [low, high).
    case uniform(low: Double, high: Double, seed: UInt64)
    case normal(mean: Double, standardDeviation: Double, seed: UInt64)
    case arange(start: Double, step: Double)
    /// Integers in low...high.
    case integers(low: Int, high: Int, seed: UInt64)
    /// Absolute path of a .npy file of the argument's shape and type.
    case file(String)
}

/// The element types that kernels use, by NumPy's and PyTorch's names.
public enum DataType: String, Sendable, CaseIterable, Codable {
    case bool
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float8E4M3 = "float8_e4m3fn"
    case float8E5M2 = "float8_e5m2"
    case float16, bfloat16, float32, float64
}
