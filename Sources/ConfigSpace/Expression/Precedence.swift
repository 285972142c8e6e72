/// How tightly operators bind, the loosest first.
enum Precedence: Int, Comparable {
    case or, and, not, comparison, sum, product, tightest

    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .tightest }

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

/// An operator between two operands, `**` apart.
enum Infix: Equatable {
    case and, or
    case comparison(Comparison)
    case binary(BinaryOperator)
}

extension Parser {
    /// The operator that the current token is, or begins (`not in`).
    var infix: (operation: Infix, precedence: Precedence)? {
        switch token.kind {
        case .keyword(.or): (.or, .or)
        case .keyword(.and): (.and, .and)
        case .keyword(.in): (.comparison(.contained), .comparison)
        case .keyword(.not): (.comparison(.notContained), .comparison)
        case .symbol(let symbol):
            switch symbol {
            case .plus, .minus: BinaryOperator(rawValue: symbol.rawValue).map { (.binary($0), .sum) }
            case .times, .divide, .floorDivide, .percent:
                BinaryOperator(rawValue: symbol.rawValue).map { (.binary($0), .product) }
            default: Comparison(rawValue: symbol.rawValue).map { (.comparison($0), .comparison) }
            }
        default: nil
        }
    }
}
