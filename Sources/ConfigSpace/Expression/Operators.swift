/// The arithmetic operators with two operands.
enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "**"
}

enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
    case notContained = "not in"
}

/// The functions that expressions can call, by their names.
enum Function: String, Sendable, CaseIterable {
    case min, max, abs, len, round, floor, ceil, sum, list, range, int, float
    case ceilDiv = "ceil_div"

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .min, .max: 1...Int.max
        case .ceilDiv: 2...2
        case .range: 1...3
        case .list: 0...1
        case .abs, .len, .round, .floor, .ceil, .sum, .int, .float: 1...1
        }
    }
}
