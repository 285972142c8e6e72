extension Domain {
    /// The domain's own value that `value` is worth (`64.0` is 64); what is wrong otherwise is added to `problems`.
    func read(_ value: Value, at field: String, problems: inout [ProposalProblem]) -> Value {
        switch self {
        case .powerOf2, .integer, .values, .boolean:
            if let canonical = canonical(value) { return canonical }
            problems.append(refusal(of: value, at: field))
        case .permutation(let length):
            guard case .list(let elements) = value else {
                problems.append(.notAList(field: field, value: value, length: length))
                return value
            }
            let canonical = Value.list(elements.map { whole($0).map { .int($0) } ?? $0 })
            if contains(canonical) { return canonical }
            problems.append(
                elements.count == length
                    ? .badPermutation(field: field, value: value, length: length)
                    : .wrongLength(field: field, found: elements.count, expected: length))
        case .list(let length, let element):
            return read(value, Array(repeating: element, count: length), at: field, problems: &problems)
        case .tuple(let elements):
            return read(value, elements, at: field, problems: &problems)
        }
        return value
    }

    private func read(
        _ value: Value, _ domains: [Domain], at field: String, problems: inout [ProposalProblem]
    ) -> Value {
        guard case .list(let elements) = value else {
            problems.append(.notAList(field: field, value: value, length: domains.count))
            return value
        }
        guard elements.count == domains.count else {
            problems.append(.wrongLength(field: field, found: elements.count, expected: domains.count))
            return value
        }
        var result: [Value] = []
        for (index, (domain, element)) in zip(domains, elements).enumerated() {
            result.append(domain.read(element, at: "\(field)[\(index)]", problems: &problems))
        }
        return .list(result)
    }

    /// The value of a scalar domain that `value` is worth.
    private func canonical(_ value: Value) -> Value? {
        if contains(value) { return value }
        switch self {
        case .powerOf2, .integer:
            guard let number = whole(value), contains(.int(number)) else { return nil }
            return .int(number)
        case .values(let values):
            guard isNumber(value) else { return nil }
            return values.first { isNumber($0) && $0.equals(value) }
        case .boolean, .permutation, .list, .tuple: return nil
        }
    }

    private func refusal(of value: Value, at field: String) -> ProposalProblem {
        switch value {
        case .list(let elements):
            let single = elements.count == 1 ? canonical(elements[0]) : nil
            let help = single.map { "; write \($0.json)" } ?? ""
            return .notAScalar(field: field, value: value, allowed: allowed + help)
        case .object: return .notAScalar(field: field, value: value, allowed: allowed)
        case .string(let text):
            let unquoted = number(in: text).flatMap { canonical($0) }
            let help = unquoted ?? spelled(text)
            return .outside(field: field, value: value, allowed: allowed + (help.map { "; write \($0.json)" } ?? ""))
        case .null, .bool: return .outside(field: field, value: value, allowed: allowed)
        case .int, .double:
            let near = nearestNumbers(to: value).map(\.json).joined(separator: " and ")
            return .outside(field: field, value: value, allowed: allowed + (near.isEmpty ? "" : "; nearest: \(near)"))
        }
    }

    /// The value that was meant by a text: another spelling of a string, `true` in quotes, `None`.
    private func spelled(_ text: String) -> Value? {
        let constants: [String: Value] = ["true": .bool(true), "false": .bool(false), "null": .null, "none": .null]
        if let constant = constants[text.lowercased()], contains(constant) { return constant }
        guard case .values(let values) = self else { return nil }
        let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        return nearest(to: text, among: texts).map { .string($0) }
    }

    /// The domain's numbers next to `value`, below and above.
    private func nearestNumbers(to value: Value) -> [Value] {
        guard let target = Scalar(number: value) else { return [] }
        let candidates: [Value]
        switch self {
        case .powerOf2(let min, let max):
            candidates = (exponent(of: min)...exponent(of: max)).map { .int(1 << $0) }
        case .integer(let min, let max, let step):
            let last = min + (max - min) / step * step
            // Below the first or above the last, those are nearest; a fraction between is rounded down.
            let place = (try? target.rounded(.down)).flatMap { if case .int(let number) = $0 { number } else { nil } }
            let floor = place.map { number in
                number < min ? min : number >= last ? last : min + (number - min) / step * step
            }
            candidates =
                [min, floor ?? min, floor.map { $0 < last ? $0 + step : last } ?? last].map { .int($0) } + [.int(last)]
        case .values(let values): candidates = values.filter(isNumber)
        case .boolean, .permutation, .list, .tuple: return []
        }
        let below = candidates.filter { (try? $0.order(to: value)) == .less }
        let above = candidates.filter { (try? $0.order(to: value)) == .greater }
        let greatestBelow = below.max { (try? $0.order(to: $1)) == .less }
        let leastAbove = above.min { (try? $0.order(to: $1)) == .less }
        return [greatestBelow, leastAbove].compactMap { $0 }
    }
}

/// A number that is not a boolean.
private func isNumber(_ value: Value) -> Bool {
    switch value {
    case .int, .double: true
    case .null, .bool, .string, .list, .object: false
    }
}

/// The integer that a number is worth, if it is one.
private func whole(_ value: Value) -> Int? {
    switch value {
    case .int(let number): number
    case .double(let number): Int(exactly: number)
    case .null, .bool, .string, .list, .object: nil
    }
}

private func number(in text: String) -> Value? {
    guard text.utf8.count <= 40 else { return nil }
    return Int(text).map { .int($0) } ?? Double(text).map { .double($0) }
}
