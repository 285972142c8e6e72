internal import ConfigSpace
internal import LanguageModel

/// JSON Schemas for the domains of a space, with a count of what services limit.
struct DomainSchemas {
    let dialect: SchemaDialect
    /// More values than this are told by their type and bounds.
    let longestEnumeration: Int
    private(set) var valueCount = 0
    private(set) var unionCount = 0
    /// Lists inside each other.
    private(set) var deepest = 0

    /// Integers of a range are told one by one up to so many; a grammar holds to those even where it ignores bounds.
    private static let mostIntegers = 64
    /// Up to this length, all orders of a permutation are told (24 of 4); above, that each element is one of the numbers.
    private static let longestPermutation = 4

    init(dialect: SchemaDialect, longestEnumeration: Int) {
        self.dialect = dialect
        self.longestEnumeration = longestEnumeration
    }

    mutating func schema(for domain: Domain) -> OrderedJSON { schema(for: domain, depth: 0) }

    /// A list of one kind of element. Where the dialect has no lengths, only whether it may be empty is said.
    func list(of element: OrderedJSON, lengths: ClosedRange<Int>) -> OrderedJSON {
        if dialect.hasLengths {
            return .object([
                "type": .string("array"), "items": element, "minItems": .int(lengths.lowerBound),
                "maxItems": .int(lengths.upperBound),
            ])
        }
        return .object(["type": .string("array"), "items": element, "minItems": .int(min(1, lengths.lowerBound))])
    }

    private mutating func schema(for domain: Domain, depth: Int) -> OrderedJSON {
        deepest = max(deepest, depth)
        switch domain {
        case .powerOf2(let min, let max):
            return integers((min.trailingZeroBitCount...max.trailingZeroBitCount).map { 1 << $0 })
        case .integer(let min, let max, let step):
            let last = min + (max - min) / step * step
            guard (last - min) / step < Self.mostIntegers else { return bounded(min...last, step: step) }
            return integers(Array(stride(from: min, through: last, by: step)))
        case .values(let values):
            return enumeration(values, depth: depth)
        case .boolean:
            return Self.type("boolean")
        case .permutation(let length):
            return permutation(length: length, depth: depth)
        case .list(let length, let element):
            guard length > 0 else { return emptyList(depth: depth) }
            return list(of: schema(for: element, depth: depth + 1), lengths: length...length)
        case .tuple(let elements):
            guard !elements.isEmpty else { return emptyList(depth: depth) }
            return tuple(elements.map { schema(for: $0, depth: depth + 1) })
        }
    }

    private mutating func tuple(_ elements: [OrderedJSON]) -> OrderedJSON {
        let distinct = elements.reduce(into: [OrderedJSON]()) { if !$0.contains($1) { $0.append($1) } }
        if distinct.count > 1, dialect.hasTuples {
            return .object([
                "type": .string("array"), "prefixItems": .list(elements), "minItems": .int(elements.count),
                "maxItems": .int(elements.count),
            ])
        }
        return list(of: union(distinct), lengths: elements.count...elements.count)
    }

    private mutating func permutation(length: Int, depth: Int) -> OrderedJSON {
        guard length > 0 else { return emptyList(depth: depth) }
        deepest = max(deepest, depth + 1)
        guard dialect.hasListValues, length <= Self.longestPermutation else {
            return list(of: integers(Array(0..<length)), lengths: length...length)
        }
        let orders = Self.orders(of: Array(0..<length)).map { Value.list($0.map { .int($0) }) }
        valueCount += orders.count
        return .object(["enum": .values(orders)])
    }

    /// In lexicographic order.
    private static func orders(of numbers: [Int]) -> [[Int]] {
        guard numbers.count > 1 else { return [numbers] }
        return numbers.flatMap { first in
            orders(of: numbers.filter { $0 != first }).map { [first] + $0 }
        }
    }

    private mutating func emptyList(depth: Int) -> OrderedJSON {
        deepest = max(deepest, depth + 1)
        return list(of: Self.type("integer"), lengths: 0...0)
    }

    private mutating func union(_ alternatives: [OrderedJSON]) -> OrderedJSON {
        guard alternatives.count > 1 else { return alternatives.first ?? Self.type("null") }
        unionCount += 1
        return .object(["anyOf": .list(alternatives)])
    }

    /// Values of any kinds; services want each enumeration to be of one type.
    private mutating func enumeration(_ values: [Value], depth: Int) -> OrderedJSON {
        var whole: [Int] = []
        var numbers: [Value] = []
        var strings: [Value] = []
        var lists: [[Value]] = []
        var alternatives: [OrderedJSON] = []
        for value in values {
            switch value {
            case .int(let number):
                whole.append(number)
                numbers.append(value)
            case .double: numbers.append(value)
            case .string: strings.append(value)
            case .list(let elements): lists.append(elements)
            case .null, .bool, .object: break
            }
        }
        if !numbers.isEmpty {
            alternatives.append(whole.count == numbers.count ? integers(whole) : choice("number", numbers))
        }
        if !strings.isEmpty { alternatives.append(choice("string", strings)) }
        if values.contains(where: { if case .bool = $0 { true } else { false } }) {
            alternatives.append(Self.type("boolean"))
        }
        if values.contains(.null) { alternatives.append(Self.type("null")) }
        if !lists.isEmpty { alternatives.append(self.lists(lists, depth: depth)) }
        return union(alternatives)
    }

    /// Lists as values: of which lengths and elements they are.
    private mutating func lists(_ lists: [[Value]], depth: Int) -> OrderedJSON {
        deepest = max(deepest, depth + 1)
        var elements: [Value] = []
        var known: Set<Value> = []
        for element in lists.joined() where known.insert(element).inserted { elements.append(element) }
        let lengths = lists.map(\.count)
        guard !elements.isEmpty, let shortest = lengths.min(), let longest = lengths.max() else {
            return emptyList(depth: depth)
        }
        return list(of: enumeration(elements, depth: depth + 1), lengths: shortest...longest)
    }

    private mutating func integers(_ numbers: [Int]) -> OrderedJSON {
        guard numbers.count > longestEnumeration, let least = numbers.min(), let greatest = numbers.max() else {
            return choice("integer", numbers.map { .int($0) })
        }
        return bounded(least...greatest, step: 1)
    }

    private mutating func choice(_ type: String, _ values: [Value]) -> OrderedJSON {
        guard values.count <= longestEnumeration else { return Self.type(type) }
        valueCount += values.count
        return .object(["type": .string(type), "enum": .values(values)])
    }

    private func bounded(_ range: ClosedRange<Int>, step: Int) -> OrderedJSON {
        var members = [OrderedJSON.Member(name: "type", value: .string("integer"))]
        if dialect.hasBounds {
            members.append(OrderedJSON.Member(name: "minimum", value: .int(range.lowerBound)))
            members.append(OrderedJSON.Member(name: "maximum", value: .int(range.upperBound)))
        }
        if dialect.hasMultiples, step > 1, range.lowerBound % step == 0 {
            members.append(OrderedJSON.Member(name: "multipleOf", value: .int(step)))
        }
        return .object(members)
    }

    private static func type(_ name: String) -> OrderedJSON { .object(["type": .string(name)]) }
}
