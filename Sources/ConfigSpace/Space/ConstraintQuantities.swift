/// What constraints compute of several parameters, such as the threads of a block or the bytes of a tile.
///
/// The author of a space bounds what a device is short of. A model that splits on single parameters would need many splits to
/// come near such a product, so it is told it as it is.
struct ConstraintQuantities: Sendable {
    private struct Quantity: Sendable {
        var condition: Condition
        /// The part of its expression.
        var range: Range<Int>
        /// Ascending; a number's bin is how many of them are below it.
        var thresholds: [Double] = []
    }

    private let quantities: [Quantity]

    /// The greatest bin of each quantity.
    var greatestBins: [UInt8] { quantities.map { UInt8(clamping: $0.thresholds.count) } }

    /// A bin's neighbours differ by what many configs differ by; more would tell apart what is hardly different.
    private static let mostBins = 32
    /// Random configs by which bins are laid out.
    private static let sampleSize = 200

    init(_ space: ConfigSpace) {
        var found: [Quantity] = []
        for condition in space.compiled.conditions {
            for range in Self.operands(of: condition, in: space) {
                found.append(Quantity(condition: condition, range: range))
            }
        }
        guard !found.isEmpty else {
            quantities = []
            return
        }
        // The same on every machine and in every run.
        var generator = SplitMix64(seed: 0)
        let sample = space.sample(Self.sampleSize, using: &generator)
        var columns: Set<[Double]> = []
        quantities = found.compactMap { quantity in
            let column = sample.map { Self.value(of: quantity, in: $0) }
            let values = Set(column).sorted()
            guard values.count > 2, columns.insert(column).inserted else { return nil }
            var quantity = quantity
            let count = min(values.count, Self.mostBins)
            quantity.thresholds = (1..<count).map { index in
                let place = index * values.count / count
                return (values[place - 1] + values[place]) / 2
            }
            return quantity
        }
    }

    /// A bin for each quantity.
    func bins(of config: Config) -> [UInt8] {
        quantities.map { quantity in
            let value = Self.value(of: quantity, in: config)
            return UInt8(clamping: quantity.thresholds.count { $0 < value })
        }
    }

    private static func value(of quantity: Quantity, in config: Config) -> Double {
        quantity.condition.value(of: quantity.range) { config.values[$0] }
            .flatMap(Scalar.init(number:)).flatMap { try? $0.asDouble() } ?? 0
    }

    /// The parts of a condition that are compared and read at least two parameters, or elements of one, with a choice.
    private static func operands(of condition: Condition, in space: ConfigSpace) -> [Range<Int>] {
        let code = condition.expression.program.code
        func parameters(_ range: Range<Int>) -> Int {
            code[range].count { instruction in
                guard case .name(let index) = instruction, case .parameter(let parameter) = condition.names[index]
                else {
                    return false
                }
                return space.parameters[parameter].domain.cardinality != 1
            }
        }
        var operands: [Range<Int>] = []
        for position in condition.range {
            guard case .compare = code[position],
                let right = start(of: position, in: code, from: condition.range.lowerBound),
                let left = start(of: right, in: code, from: condition.range.lowerBound)
            else { continue }
            operands += [left..<right, right..<position].filter { parameters($0) >= 2 }
        }
        return operands
    }

    /// Where the arithmetic begins whose value is on the stack before `end`; nil where it is more than arithmetic.
    private static func start(of end: Int, in code: [Instruction], from first: Int) -> Int? {
        var (needed, position) = (1, end)
        while needed > 0 {
            guard position > first else { return nil }
            position -= 1
            switch code[position] {
            case .constant, .name: needed -= 1
            case .negate, .plus: break
            case .binary, .subscripted: needed += 1
            case .list(let count), .call(_, let count): needed += count - 1
            default: return nil
            }
        }
        return position
    }
}
