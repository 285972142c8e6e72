internal import ConfigSpace

// Typed access that says what was expected where.
extension JSONNode {
    /// - Throws: when this is no string, or an empty one.
    public func requireString() throws(SpecError) -> String {
        guard let string else { throw expected("a string") }
        guard !string.isEmpty else { throw error("is empty") }
        return string
    }

    /// - Throws: when this is no whole number, or outside `range`.
    public func requireInt(in range: ClosedRange<Int> = .min ... .max) throws(SpecError) -> Int {
        guard kind == .number else { throw expected("a whole number") }
        guard let int else {
            throw error(
                "\(value.json) \(double?.rounded() == double ? "does not fit 64 bits" : "is not a whole number")")
        }
        guard range.contains(int) else {
            throw error(
                range.upperBound == .max
                    ? "\(int) is less than \(range.lowerBound)"
                    : "\(int) is outside \(range.lowerBound) to \(range.upperBound)")
        }
        return int
    }

    /// - Throws: when this is no number.
    public func requireDouble() throws(SpecError) -> Double {
        guard let double else { throw expected("a number") }
        return double
    }

    /// - Throws: when this is no array, or has not as many elements as `count` says.
    public func requireArray(count: ClosedRange<Int> = 0 ... .max) throws(SpecError) -> [JSONNode] {
        guard kind == .array else { throw expected("an array") }
        guard count.contains(self.count) else {
            if self.count == 0 { throw error("is empty") }
            throw error("has \(self.count) elements, more than \(count.upperBound)")
        }
        return Array(elements)
    }

    /// The case of a string-valued enumeration.
    ///
    /// - Throws: when this is no string, or no case's name; the error names the nearest.
    public func requireCase<Case: RawRepresentable & CaseIterable>(
        of type: Case.Type, _ what: String
    ) throws(SpecError) -> Case where Case.RawValue == String {
        let name = try requireString()
        guard let match = Case(rawValue: name) else {
            throw unknown(what, name, among: Case.allCases.map(\.rawValue))
        }
        return match
    }

    /// An error for a name that is none of `names`.
    public func unknown(_ what: String, _ name: String, among names: [String]) -> SpecError {
        let suggestion = nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
        return error(
            "unknown \(what) \(Value.string(name).json)\(suggestion)", help: "known: \(names.joined(separator: ", "))")
    }

    /// An error for a value of another kind than was expected.
    public func expected(_ what: String) -> SpecError {
        let found =
            switch kind {
            case .null: "null"
            case .boolean: bool == true ? "true" : "false"
            case .number: "the number \(value.json)"
            case .string: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return error("expected \(what), found \(found)")
    }
}

/// An object being read, whose keys are all known.
public struct JSONObject: Sendable {
    public let node: JSONNode

    /// Takes `node` as an object that has no other keys than `keys`.
    ///
    /// - Throws: when it is no object, or has an unknown key; the error names the nearest known one.
    public init(_ node: JSONNode, keys: [String]) throws(SpecError) {
        guard node.kind == .object else { throw node.expected("an object") }
        self.node = node
        for member in node.members where !keys.contains(member.name) {
            throw member.key.unknown("key", member.name, among: keys)
        }
    }

    /// The member of that name, if there is one.
    public func optional(_ name: String) -> JSONNode? { node.member(name) }

    /// - Throws: when there is no member of that name.
    public func required(_ name: String) throws(SpecError) -> JSONNode {
        guard let member = node.member(name) else { throw node.error("\"\(name)\" is missing") }
        return member
    }
}
