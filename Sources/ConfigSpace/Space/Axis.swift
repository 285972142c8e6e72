/// One scalar to choose: a scalar parameter, or one element of a list, tuple or permutation.
///
/// Nothing in it is counted by reference, since the search reads axes all the time.
struct Axis: Sendable {
    /// The index of the parameter it belongs to.
    let parameter: Int
    let count: Int
    let choices: Choices

    enum Choices: Sendable {
        case integers(start: Int, step: Int)
        case powers(firstExponent: Int)
        /// The values that begin here in the layout's table.
        case table(start: Int)
        case booleans
    }
}

/// How the value of a parameter is made of axes.
indirect enum Shape: Sendable {
    case axis(Int)
    case list([Shape])

    /// The axes in the order of the elements.
    var axes: [Int] {
        switch self {
        case .axis(let axis): [axis]
        case .list(let elements): elements.flatMap(\.axes)
        }
    }
}
