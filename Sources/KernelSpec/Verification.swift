/// What a result is compared with, and how near is near enough:
/// |a - b| <= absolute * max(1, rms(reference)) + relative * |b|, with the tolerance of the output's type.
public struct Verification: Sendable {
    public enum Reference: Sendable, Hashable {
        /// What the default config computes.
        case defaultConfig
        /// Another function of the same source, with the same arguments.
        case function(String)
        /// A function of a Python file, absolute, called with the arguments that are not outputs; what it returns.
        case script(path: String, function: String)
        /// A .npy file for each output argument, by the argument's name; absolute paths.
        case files([String: String])
    }

    public let against: Reference
    /// The spec's own relative tolerance, for all outputs whatever their type; nil leaves it to the type.
    public let relativeTolerance: Double?
    /// The spec's own absolute tolerance, for all outputs whatever their type; nil leaves it to the type.
    public let absoluteTolerance: Double?

    public init(against: Reference, relativeTolerance: Double? = nil, absoluteTolerance: Double? = nil) {
        self.against = against
        self.relativeTolerance = relativeTolerance
        self.absoluteTolerance = absoluteTolerance
    }

    /// How near an output of this type has to be: what the spec says, else what suits the type.
    ///
    /// Integers and bool have to be exact unless the spec gives a tolerance.
    public func tolerance(for type: DataType) -> (relative: Double, absolute: Double) {
        (relativeTolerance ?? type.tolerance, absoluteTolerance ?? type.tolerance)
    }
}

extension DataType {
    /// How far two right results of different summation order may be apart, relative to a value and to the
    /// root mean square of all: some roundings of the type, and for float32 and float64 many.
    fileprivate var tolerance: Double {
        switch self {
        case .float64: 1e-9
        case .float32: 1e-4
        case .float16: 1e-2
        case .bfloat16: 2e-2
        case .float8E4M3: 0.125
        case .float8E5M2: 0.25
        case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: 0
        }
    }
}
