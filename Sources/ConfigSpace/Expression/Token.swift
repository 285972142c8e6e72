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

/// Operators and brackets.
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

/// What other languages write, with what to write here.
let foreignSymbols = [
    "&&": "'&&' is not an operator here; write 'and'",
    "||": "'||' is not an operator here; write 'or'",
    "<>": "'<>' is not an operator here; write '!='",
    "<<": "shifts are not part of the language; write 'a * 2 ** n'",
    ">>": "shifts are not part of the language; write 'a // 2 ** n'",
    "!": "'!' is not an operator here; write 'not'",
    "=": "'=' does not compare; write '=='",
    "?": "'?' is not an operator here; write 'a if condition else b'",
    "{": "sets and dictionaries are not part of the language; write a list '[…]'",
    "&": "bit operators are not part of the language",
    "|": "bit operators are not part of the language",
    "^": "'^' is not an operator here; for powers write '**'",
    "~": "bit operators are not part of the language",
    ":": "slices are not part of the language",
    ".": "attributes and methods are not part of the language",
]

/// What one or two bytes spell, one's own symbols and foreign ones; the longer of two that begin alike counts.
enum Spelling {
    case own(Symbol)
    case foreign(advice: String)

    static let all: [[UInt8]: Spelling] = {
        let own = Symbol.allCases.map { (Array($0.rawValue.utf8), Spelling.own($0)) }
        let foreign = foreignSymbols.map { (Array($0.key.utf8), Spelling.foreign(advice: $0.value)) }
        return Dictionary(own + foreign) { first, _ in first }
    }()
}
