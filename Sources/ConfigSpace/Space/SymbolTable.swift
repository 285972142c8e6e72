/// The strings of a space, so that comparing two is comparing two numbers.
struct SymbolTable: Sendable {
    private var indices: [String: Int] = ["": 0]

    /// `value` as constraints see it; strings are entered into the table.
    mutating func scalar(of value: Value) -> Scalar {
        if case .string(let text) = value, indices[text] == nil { indices[text] = indices.count }
        return known(value)
    }

    /// `value` as constraints see it; opaque where it is a string that the space does not have.
    func known(_ value: Value) -> Scalar {
        if let number = Scalar(number: value) { return number }
        switch value {
        case .null: return .null
        case .string(let text): return indices[text].map { .symbol($0) } ?? .opaque
        case .bool, .int, .double, .list, .object: return .opaque
        }
    }
}
