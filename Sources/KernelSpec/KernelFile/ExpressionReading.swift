internal import ConfigSpace

extension JSONNode {
    /// A number, or an expression over `names`.
    ///
    /// - Throws: an error at the column inside the string, for a fault of the text or a name that is none of `names`.
    func requireExpression(over names: [String]) throws(SpecError) -> Expression {
        if kind == .number { return Expression(constant: value) }
        guard kind == .string else { throw expected("a number or an expression in a string") }
        return try requireExpressionText(over: names)
    }

    /// An expression over `names`, written in a string.
    func requireExpressionText(over names: [String]) throws(SpecError) -> Expression {
        let text = try requireString()
        let expression: Expression
        do {
            expression = try Expression(parsing: text)
        } catch {
            throw fault(error)
        }
        for name in expression.names where !names.contains(name) {
            let suggestion = nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
            throw self.error(
                "unknown name \(name)\(suggestion)", atByte: Identifier.offset(of: name, in: text) ?? 0,
                help: names.isEmpty ? "write numbers here" : "known: \(names.joined(separator: ", "))")
        }
        return expression
    }

    /// What the expression read from here gives, as a whole number in `range`.
    ///
    /// - Parameter circumstance: for what values it was evaluated, such as " for the default config".
    func evaluateInt(
        _ expression: Expression, in range: ClosedRange<Int>, _ circumstance: String = "", _ lookup: (String) -> Value?
    ) throws(SpecError) -> Int {
        let number: Int
        do {
            number = try expression.evaluateInt(lookup)
        } catch {
            throw fault(error)
        }
        guard range.contains(number) else {
            throw error(
                "is \(number)\(circumstance), and has to be "
                    + (range.upperBound == .max
                        ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"))
        }
        return number
    }

    /// An error of an expression that was read from here.
    func fault(_ error: ExpressionError) -> SpecError {
        self.error(error.message, atByte: error.offset)
    }
}
