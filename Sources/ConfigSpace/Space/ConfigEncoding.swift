/// Configs as rows of small numbers, for models that split on them.
///
/// A number is encoded by its place among its domain's values, and by how often 2 divides it where that tells something; a
/// truth value as 0 or 1, a text as one feature for each of the values (there is no order among them), a permutation by
/// where each element stands, a list by its elements. What the constraints compute of several parameters comes last.
public struct ConfigEncoding: Sendable {
    /// The numbers in a row.
    public let featureCount: Int
    /// The greatest number that each feature can have.
    public let greatestBins: [UInt8]
    private let domains: [Domain]
    private let quantities: ConstraintQuantities

    /// Features have at most so many different numbers; of longer domains neighbours share one.
    public static let mostBins = 64

    init(_ space: ConfigSpace) {
        domains = space.parameters.map(\.domain)
        quantities = ConstraintQuantities(space)
        greatestBins = domains.flatMap(Self.greatestBins) + quantities.greatestBins
        featureCount = greatestBins.count
    }

    /// - Parameter config: of the space, in its order.
    public func bins(of config: Config) -> [UInt8] {
        var bins: [UInt8] = []
        bins.reserveCapacity(featureCount)
        for (domain, value) in zip(domains, config.values) { Self.append(value, of: domain, to: &bins) }
        return bins + quantities.bins(of: config)
    }

    private static func greatestBins(of domain: Domain) -> [UInt8] {
        // Of the domain's order, and of how often 2 divides its values.
        func ordered(_ count: Int, greatest: Int) -> [UInt8] {
            let last = bin(count - 1, of: count)
            return tellsAlignment(domain)
                ? [last, UInt8(min(Int.bitWidth - 1 - greatest.leadingZeroBitCount, 7))] : [last]
        }
        switch domain {
        case .powerOf2(let min, let max): return [UInt8(clamping: exponent(of: max) - exponent(of: min))]
        case .boolean: return [1]
        case .integer(let min, let max, let step): return ordered((max - min) / step + 1, greatest: max)
        case .values(let values):
            guard Domain.areOrdered(values) || values.count <= 2 else { return values.map { _ in 1 } }
            return ordered(values.count, greatest: values.map(integer).max() ?? 0)
        case .permutation(let length): return Array(repeating: bin(length - 1, of: length), count: length)
        case .list(let length, let element):
            return Array(repeating: greatestBins(of: element), count: length).flatMap(\.self)
        case .tuple(let elements): return elements.flatMap(greatestBins)
        }
    }

    private static func append(_ value: Value, of domain: Domain, to bins: inout [UInt8]) {
        switch (domain, value) {
        case (.powerOf2(let min, _), .int(let number)):
            bins.append(UInt8(clamping: exponent(of: number) - exponent(of: min)))
        case (.integer(let min, let max, let step), .int(let number)):
            bins.append(bin((number - min) / step, of: (max - min) / step + 1))
            if tellsAlignment(domain) { bins.append(alignment(of: number)) }
        case (.boolean, .bool(let isTrue)): bins.append(isTrue ? 1 : 0)
        case (.values(let values), _):
            let place = values.firstIndex(of: value) ?? 0
            if Domain.areOrdered(values) {
                let rank = values.count { isLess($0, values[place]) }
                bins.append(bin(rank, of: values.count))
                if tellsAlignment(domain), case .int(let number) = value { bins.append(alignment(of: number)) }
            } else if values.count <= 2 {
                bins.append(UInt8(place))
            } else {
                bins += values.indices.map { $0 == place ? 1 : 0 }
            }
        case (.permutation(let length), .list(let elements)):
            var places = [UInt8](repeating: 0, count: length)
            for (place, element) in elements.enumerated() {
                if case .int(let number) = element, places.indices.contains(number) {
                    places[number] = bin(place, of: length)
                }
            }
            bins += places
        case (.list(_, let element), .list(let elements)):
            for value in elements { append(value, of: element, to: &bins) }
        case (.tuple(let domains), .list(let elements)):
            for (domain, value) in zip(domains, elements) { append(value, of: domain, to: &bins) }
        default: bins += [UInt8](repeating: 0, count: greatestBins(of: domain).count)
        }
    }

    /// How often 2 divides a number, up to 128: what warps, banks and lines of a cache are counted in.
    private static func alignment(of number: Int) -> UInt8 { UInt8(min(number.trailingZeroBitCount, 7)) }

    /// Whether a domain reaches beyond a warp and has numbers that are no powers of two.
    private static func tellsAlignment(_ domain: Domain) -> Bool {
        switch domain {
        case .integer(_, let max, let step): max >= 32 && step < max
        case .values(let values):
            values.count > 2
                && values.allSatisfy { if case .int(let number) = $0 { number > 0 } else { false } }
                && values.contains { number($0) >= 32 }
                && values.contains { if case .int(let number) = $0 { number.nonzeroBitCount > 1 } else { false } }
        default: false
        }
    }

    private static func bin(_ place: Int, of count: Int) -> UInt8 {
        count <= mostBins ? UInt8(clamping: place) : UInt8(Double(place) / Double(count) * Double(mostBins))
    }

    private static func isLess(_ left: Value, _ right: Value) -> Bool {
        number(left) < number(right)
    }

    private static func integer(_ value: Value) -> Int {
        if case .int(let number) = value { number } else { 0 }
    }

    private static func number(_ value: Value) -> Double {
        switch value {
        case .int(let number): Double(number)
        case .double(let number): number
        case .bool(let isTrue): isTrue ? 1 : 0
        case .null, .string, .list, .object: 0
        }
    }
}

extension ConfigSpace {
    /// How models see its configs; made once.
    public var encoding: ConfigEncoding { sharedEncoding.value { ConfigEncoding(self) } }
}
