extension Domain {
    /// The domain in the notation the prompts use, with its default: `power_of_2(min=1, max=64, default=1)`.
    ///
    /// Values are JSON, since a reply must be. Lists are `list of 4 x enum("a", "b", default="a")` where the elements'
    /// defaults are equal, and `[…, …]` with each element's own default where they are not, as are tuples. A permutation's
    /// default is said where it is not the identity.
    public func describe(default defaultValue: Value) -> String {
        switch self {
        case .powerOf2(let min, let max):
            return "power_of_2(min=\(min), max=\(max), default=\(defaultValue.json))"
        case .integer(let min, let max, let step):
            let stride = step == 1 ? "" : ", step=\(step)"
            return "integer(min=\(min), max=\(max)\(stride), default=\(defaultValue.json))"
        case .values(let values):
            return "enum(\(values.map(\.json).joined(separator: ", ")), default=\(defaultValue.json))"
        case .boolean:
            return "boolean(default=\(defaultValue.json))"
        case .permutation(let length):
            let other = defaultValue == naturalDefault ? "" : ", default=\(defaultValue.json)"
            return "permutation(length=\(length)\(other))"
        case .list(let length, let element):
            let defaults = elementDefaults(of: defaultValue, count: length)
            guard let first = defaults.first, !defaults.allSatisfy({ $0 == first }) else {
                return "list of \(length) x \(element.describe(default: defaults.first ?? element.naturalDefault))"
            }
            return "[\(defaults.map { element.describe(default: $0) }.joined(separator: ", "))]"
        case .tuple(let elements):
            let defaults = elementDefaults(of: defaultValue, count: elements.count)
            return "[\(zip(elements, defaults).map { $0.describe(default: $1) }.joined(separator: ", "))]"
        }
    }

    private func elementDefaults(of defaultValue: Value, count: Int) -> [Value] {
        if case .list(let values) = defaultValue, values.count == count { return values }
        if case .list(let values) = naturalDefault { return values }
        return []
    }

    /// What is allowed, to follow "must be" in a sentence.
    var allowed: String {
        switch self {
        case .powerOf2(let min, let max):
            min == max ? "\(min)" : "a power of two from \(min) to \(max)"
        case .integer(let min, let max, let step):
            min == max ? "\(min)" : "an integer from \(min) to \(max)" + (step == 1 ? "" : " in steps of \(step)")
        case .values(let values): allowedList(values)
        case .boolean: "true or false"
        case .permutation(let length):
            length < 2 ? naturalDefault.json : "a list that has each of 0 to \(length - 1) once"
        case .list(let length, let element): "a list of \(length), each \(element.allowed)"
        case .tuple(let elements): "a list of \(elements.count)"
        }
    }
}

/// At most so many values are spelled out in a message.
private let mostValuesShown = 24

private func allowedList(_ values: [Value]) -> String {
    if values.count == 1 { return values[0].json }
    let shown = values.prefix(mostValuesShown).map(\.json).joined(separator: ", ")
    let more = values.count - mostValuesShown
    return more > 0 ? "one of \(shown), … (\(more) more, up to \(values[values.count - 1].json))" : "one of \(shown)"
}
