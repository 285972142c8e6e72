/// Reads an expression by recursive descent and writes its program as it goes.
///
/// Nothing is ever built as a tree: long chains of operators are loops, and whatever recurs counts against
/// `deepestNesting`, so that no text can exhaust the stack, not even the 512 KiB that threads may have.
struct Parser {
    static let longestText = 16_384
    static let deepestNesting = 48

    let text: String
    var lexer: Lexer
    var token: Token
    var program = Program()
    /// Names in the order they were met, bound by a comprehension or not.
    var names: [String] = []
    var comprehensions = 0
    private var depth = 0

    init(_ text: String) throws(ExpressionError) {
        guard text.utf8.count <= Self.longestText else {
            throw ExpressionError(
                message: "the expression is longer than \(Self.longestText) bytes", text: text, offset: 0)
        }
        self.text = text
        lexer = Lexer(text)
        token = try lexer.next()
    }

    /// Reads the whole text.
    mutating func parse() throws(ExpressionError) {
        if token.kind == .end { throw error("the expression is empty") }
        try expression()
        guard token.kind == .end else { throw unexpected("an operator or the end") }
    }

    func error(_ message: String, at offset: Int? = nil) -> ExpressionError {
        ExpressionError(message: message, text: text, offset: offset ?? token.start)
    }

    /// That something else was expected at the current token.
    func unexpected(_ expected: String) -> ExpressionError {
        let found = String(decoding: text.utf8.dropFirst(token.start).prefix(token.end - token.start), as: UTF8.self)
        return error(token.kind == .end ? "expected \(expected), not the end" : "expected \(expected), not '\(found)'")
    }

    mutating func advance() throws(ExpressionError) { token = try lexer.next() }

    /// Steps over the symbol or keyword if it is the current token.
    mutating func accept(_ symbol: Symbol) throws(ExpressionError) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        try advance()
        return true
    }

    mutating func accept(_ keyword: Keyword) throws(ExpressionError) -> Bool {
        guard token.kind == .keyword(keyword) else { return false }
        try advance()
        return true
    }

    mutating func enter() throws(ExpressionError) {
        depth += 1
        if depth > Self.deepestNesting { throw error("the expression is nested too deeply") }
    }

    mutating func leave() { depth -= 1 }

    /// `a`, or `a if condition else b`, of which the condition is evaluated first.
    mutating func expression() throws(ExpressionError) {
        let start = program.code.count
        try operation(.or)
        let offset = token.start
        if try accept(.if) {
            let whenTrue = program.removeBlock(from: start)
            try operation(.or)
            guard try accept(.else) else { throw unexpected("'else'") }
            program.append(.branchIfFalse(whenTrue.code.count + 1), at: offset)
            program.append(whenTrue)
            let jump = program.code.count
            program.append(.jump(0), at: offset)
            try enter()
            try expression()
            leave()
            program.code[jump] = .jump(program.code.count - jump - 1)
        }
    }

    /// Operators that bind at least as tightly as `loosest`, and their operands.
    mutating func operation(_ loosest: Precedence) throws(ExpressionError) {
        try enter()
        let offset = token.start
        if loosest <= .not, try accept(.not) {
            try operation(.not)
            program.append(.not, at: offset)
        } else {
            try unary()
        }
        while let (operation, precedence) = infix, precedence >= loosest {
            try apply(operation, precedence)
        }
        leave()
    }

    private mutating func apply(_ infix: Infix, _ precedence: Precedence) throws(ExpressionError) {
        let offset = token.start
        switch infix {
        case .and, .or:
            try advance()
            let jump = program.code.count
            program.append(.jump(0), at: offset)
            try operation(precedence.next)
            let distance = program.code.count - jump - 1
            program.code[jump] = infix == .and ? .jumpIfFalse(distance) : .jumpIfTrue(distance)
        case .binary(let binary):
            try advance()
            try operation(precedence.next)
            program.append(.binary(binary), at: offset)
        case .comparison:
            try comparisons()
        }
    }

    /// `< b`, `< b <= c`, …: the left operand is there already.
    private mutating func comparisons() throws(ExpressionError) {
        var links: [Int] = []
        while case .some((.comparison(let comparison), _)) = infix {
            let offset = token.start
            try advance()
            if comparison == .notContained {
                guard try accept(.in) else { throw unexpected("'in' after 'not'") }
            }
            try operation(.sum)
            if case .some((.comparison, _)) = infix { links.append(program.code.count) }
            program.append(links.last == program.code.count ? .chain(comparison, 0) : .compare(comparison), at: offset)
        }
        for link in links {
            guard case .chain(let comparison, _) = program.code[link] else { continue }
            program.code[link] = .chain(comparison, program.code.count - link - 1)
        }
    }
}
