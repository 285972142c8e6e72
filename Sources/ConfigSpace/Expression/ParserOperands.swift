extension Parser {
    /// Signs, and what they stand before; `**` binds over a sign on its left, and takes one on its right.
    mutating func unary() throws(ExpressionError) {
        let offset = token.start
        let isMinus = token.kind == .symbol(.minus)
        guard isMinus || token.kind == .symbol(.plus) else { return try power() }
        try enter()
        try advance()
        let start = program.code.count
        try unary()
        leave()
        if program.code.count == start + 1, case .constant(let value) = program.code[start],
            let number = Scalar(number: value), let result = try? isMinus ? number.negated() : number
        {
            program.code[start] = .constant(result.number)
        } else {
            program.append(isMinus ? .negate : .plus, at: offset)
        }
    }

    private mutating func power() throws(ExpressionError) {
        try postfix()
        let offset = token.start
        guard try accept(.power) else { return }
        try enter()
        try unary()
        program.append(.binary(.power), at: offset)
        leave()
    }

    /// An atom and its subscripts.
    private mutating func postfix() throws(ExpressionError) {
        try atom()
        while token.kind == .symbol(.leftBracket) {
            let offset = token.start
            try advance()
            try expression()
            guard try accept(.rightBracket) else { throw unexpected("']'") }
            program.append(.subscripted, at: offset)
        }
        if token.kind == .symbol(.leftParenthesis) { throw error("only functions named directly can be called") }
    }

    private mutating func atom() throws(ExpressionError) {
        let start = token.start
        switch token.kind {
        case .int(let value): try constant(.int(value))
        case .double(let value): try constant(.double(value))
        case .string(let value): try constant(.string(value))
        case .keyword(.true), .keyword(.pythonTrue): try constant(.bool(true))
        case .keyword(.false), .keyword(.pythonFalse): try constant(.bool(false))
        case .keyword(.null), .keyword(.pythonNone): try constant(.null)
        case .name(let name):
            try advance()
            if token.kind == .symbol(.leftParenthesis) { return try call(name, at: start) }
            program.append(.name(index(of: name)), at: start)
        case .symbol(.leftBracket):
            try advance()
            try list(at: start)
        case .symbol(.leftParenthesis):
            try advance()
            try parenthesized(at: start)
        default: throw unexpected("a value")
        }
    }

    private mutating func constant(_ value: Value) throws(ExpressionError) {
        program.append(.constant(value), at: token.start)
        try advance()
    }

    private mutating func index(of name: String) -> Int {
        if let index = names.firstIndex(of: name) { return index }
        names.append(name)
        return names.count - 1
    }

    /// A list or a comprehension, whose opening bracket is behind.
    private mutating func list(at offset: Int) throws(ExpressionError) {
        if let count = try elements(closing: .rightBracket) { program.append(.list(count), at: offset) }
    }

    /// `(a)` is a; `()`, `(a,)` and `(a, b)` are tuples, which are lists here.
    private mutating func parenthesized(at offset: Int) throws(ExpressionError) {
        let isEmpty = token.kind == .symbol(.rightParenthesis)
        if !isEmpty {
            try expression()
            if try accept(.rightParenthesis) { return }
            guard try accept(.comma) else { throw unexpected("')'") }
        }
        if let count = try elements(closing: .rightParenthesis, after: isEmpty ? 0 : 1) {
            program.append(.list(count), at: offset)
        }
    }

    /// What stands between brackets, separated by commas, up to the closing one: how many values there are, besides those
    /// read before; nil for a comprehension, which leaves a list.
    private mutating func elements(closing: Symbol, after read: Int = 0) throws(ExpressionError) -> Int? {
        let start = program.code.count
        var count = read
        while token.kind != .symbol(closing) {
            try expression()
            count += 1
            if count == 1, token.kind == .keyword(.for) {
                try comprehension(bodyFrom: start)
                guard try accept(closing) else { throw unexpected("'\(closing.rawValue)'") }
                return nil
            }
            guard try accept(.comma) else { break }
        }
        guard try accept(closing) else { throw unexpected("',' or '\(closing.rawValue)'") }
        return count
    }

    private mutating func call(_ name: String, at offset: Int) throws(ExpressionError) {
        let function = try function(name, at: offset)
        try advance()
        let count = try elements(closing: .rightParenthesis) ?? 1
        try check(count, function.arity, of: name, at: offset)
        program.append(.call(function, count), at: offset)
    }

    private func function(_ name: String, at offset: Int) throws(ExpressionError) -> Function {
        if let function = Function(rawValue: name) { return function }
        let known = Function.allCases.map(\.rawValue)
        let help = nearest(to: name, among: known).map { "did you mean '\($0)'?" }
        throw error(
            "there is no function '\(name)'; \(help ?? "there are \(known.joined(separator: ", "))")", at: offset)
    }

    private func check(
        _ count: Int, _ arity: ClosedRange<Int>, of name: String, at offset: Int
    ) throws(ExpressionError) {
        if arity.contains(count) { return }
        let (least, most) = (arity.lowerBound, arity.upperBound)
        let range = most == Int.max ? "at least \(least)" : least == most ? "\(least)" : "\(least) to \(most)"
        throw error("\(name) takes \(range) argument\(range.hasSuffix("1") ? "" : "s"), not \(count)", at: offset)
    }

    /// `for name in values if condition`, whose result was written before it, from `bodyFrom` on.
    private mutating func comprehension(bodyFrom start: Int) throws(ExpressionError) {
        let offset = token.start
        var body = program.removeBlock(from: start)
        try advance()
        guard case .name(let variable) = token.kind else { throw unexpected("a name after 'for'") }
        try advance()
        guard try accept(.in) else { throw unexpected("'in'") }
        try enter()
        try operation(.or)
        leave()
        let loop = comprehensions
        comprehensions += 1
        program.append(.beginLoop(loop), at: offset)
        let next = program.code.count
        program.append(.nextElement(loop, 0), at: offset)
        if try accept(.if) {
            let conditionStart = program.code.count
            try operation(.or)
            var condition = program.removeBlock(from: conditionStart)
            bind(variable, to: loop, in: &condition)
            program.append(condition)
            program.append(.branchIfFalse(next - program.code.count - 1), at: offset)
        }
        if token.kind == .keyword(.for) || token.kind == .keyword(.if) {
            throw error("a comprehension has one 'for' and at most one 'if'")
        }
        bind(variable, to: loop, in: &body)
        program.append(body)
        program.append(.collect(loop), at: offset)
        program.append(.jump(next - program.code.count - 1), at: offset)
        program.code[next] = .nextElement(loop, program.code.count - next - 1)
        program.append(.endLoop(loop), at: offset)
    }

    private func bind(_ variable: String, to loop: Int, in block: inout Program) {
        guard let name = names.firstIndex(of: variable) else { return }
        for index in block.code.indices {
            if case .name(name) = block.code[index] { block.code[index] = .local(loop) }
        }
    }
}
