/// A lexical element of an expression, at `start..<end` in its bytes.
struct Token {
    enum Kind: Equatable {
        case int(Int)
        case double(Double)
        case string(String)
        case name(String)
        case keyword(Keyword)
        case symbol(Symbol)
        case end
    }

    let kind: Kind
    let start: Int
    let end: Int
}

/// The words that cannot be names; JSON's spellings of the constants are taken too.
enum Keyword: String {
    case and, or, not
    case `in`
    case `if`
    case `else`
    case `for`
    case `true`, `false`, null
    case pythonTrue = "True"
    case pythonFalse = "False"
    case pythonNone = "None"
}

/// Operators and brackets, the longer of two that begin alike first.
enum Symbol: String, CaseIterable {
    case power = "**"
    case floorDivide = "//"
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case comma = ","
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case percent = "%"
    case less = "<"
    case greater = ">"
}

/// What other languages write, and what to write here.
struct ForeignSymbol {
    let text: String
    let advice: String

    static let all = [
        ForeignSymbol(text: "&&", advice: "'&&' is not an operator here; write 'and'"),
        ForeignSymbol(text: "||", advice: "'||' is not an operator here; write 'or'"),
        ForeignSymbol(text: "<>", advice: "'<>' is not an operator here; write '!='"),
        ForeignSymbol(text: "<<", advice: "shifts are not part of the language; write 'a * 2 ** n'"),
        ForeignSymbol(text: ">>", advice: "shifts are not part of the language; write 'a // 2 ** n'"),
        ForeignSymbol(text: "!", advice: "'!' is not an operator here; write 'not'"),
        ForeignSymbol(text: "=", advice: "'=' does not compare; write '=='"),
        ForeignSymbol(text: "?", advice: "'?' is not an operator here; write 'a if condition else b'"),
        ForeignSymbol(text: "{", advice: "sets and dictionaries are not part of the language; write a list '[…]'"),
        ForeignSymbol(text: "&", advice: "bit operators are not part of the language"),
        ForeignSymbol(text: "|", advice: "bit operators are not part of the language"),
        ForeignSymbol(text: "^", advice: "'^' is not an operator here; for powers write '**'"),
        ForeignSymbol(text: "~", advice: "bit operators are not part of the language"),
        ForeignSymbol(text: ":", advice: "slices are not part of the language"),
        ForeignSymbol(text: ".", advice: "attributes and methods are not part of the language"),
    ]
}
