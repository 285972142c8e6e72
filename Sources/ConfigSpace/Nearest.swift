/// The one of `names` that `name` was most likely meant to be, or nil where none is near.
///
/// Case, `_` and `-` do not count; after that, near is an edit distance (insert, delete, replace, swap neighbours) of at
/// most a third of the length, and at least 1. The first of equally near names is taken.
public func nearest(to name: String, among names: [String]) -> String? {
    let wanted = folded(name)
    guard wanted.count <= longestName else { return nil }
    let cutoff = max(1, wanted.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in names {
        let other = folded(candidate)
        guard other.count <= longestName, abs(other.count - wanted.count) <= cutoff else { continue }
        let distance = editDistance(wanted, other)
        guard distance <= cutoff, distance < max(wanted.count, other.count) else { continue }
        if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
}

/// Longer names are not compared: the work grows with the square of the length, and models send anything.
private let longestName = 200

private func folded(_ name: String) -> [UInt8] {
    name.utf8.prefix(longestName + 1).compactMap { byte in
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"): nil
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
        default: byte
        }
    }
}

/// Optimal string alignment: Levenshtein's distance where a swap of two neighbours costs one.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
            var distance = min(replaced, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                distance = min(distance, beforePrevious[column - 1] + 1)
            }
            current.append(distance)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[right.count]
}
