internal import ConfigSpace
internal import Measurement
internal import Search

/// Parameter × value: how often each value was measured, how fast its best and its middling config are, and which
/// values were never tried.
///
/// Counted over whole configs, defaults included, so that a value no config had to write down is not forgotten.
struct TriedValues {
    static let mostValuesShown = 10

    struct Cell {
        var value: Value
        var timesMs: [Double] = []
        var failures = 0
    }

    /// One line for each parameter that has more than one value.
    static func lines(_ history: History) -> [String] {
        history.space.parameters.indices.compactMap { index in
            let parameter = history.space.parameters[index]
            guard parameter.domain.cardinality > 1 else { return nil }
            return line(parameter, cells: cells(at: index, history))
        }
    }

    private static func cells(at index: Int, _ history: History) -> [Cell] {
        var positions: [Value: Int] = [:]
        var cells: [Cell] = []
        // Random seeds are spread over the whole space; their failures say nothing of a value the model would choose.
        for entry in history.entries where entry.timeMs != nil || entry.origin != .randomSeed {
            guard entry.evaluation.outcome != .notRecorded else { continue }
            let value = entry.config.values[index]
            let position = positions[value] ?? cells.count
            if position == cells.count {
                positions[value] = position
                cells.append(Cell(value: value))
            }
            if let time = entry.timeMs { cells[position].timesMs.append(time) } else { cells[position].failures += 1 }
        }
        return cells
    }

    private static func line(_ parameter: Parameter, cells: [Cell]) -> String {
        let ordered = cells.sorted { ($0.timesMs.min() ?? .infinity) < ($1.timesMs.min() ?? .infinity) }
        var parts = ordered.prefix(mostValuesShown).map(text)
        if ordered.count > mostValuesShown { parts.append("\(ordered.count - mostValuesShown) slower values") }
        let never = untried(parameter.domain, tried: Set(cells.map(\.value)))
        if !never.isEmpty { parts.append("never tried: \(never)") }
        return "\(parameter.name): \(parts.joined(separator: "; "))"
    }

    private static func text(_ cell: Cell) -> String {
        let failures = cell.failures == 0 ? "" : ", \(cell.failures) failed"
        guard let best = cell.timesMs.min() else { return "\(cell.value.json) ×\(cell.failures) all failed" }
        let median = cell.timesMs.sorted()[cell.timesMs.count / 2]
        let times = cell.timesMs.count == 1 ? short(best) : "best \(short(best)), median \(short(median))"
        return "\(cell.value.json) ×\(cell.timesMs.count) \(times)\(failures)"
    }

    private static func short(_ milliseconds: Double) -> String {
        String(Numbers.milliseconds(milliseconds).dropLast(3))
    }

    /// The values of a small domain that no config had, or how many of a large one.
    private static func untried(_ domain: Domain, tried: Set<Value>) -> String {
        guard let values = DomainValues.all(domain, most: 64) else {
            return "all but \(tried.count) of \(count(domain.cardinality))"
        }
        let missing = values.filter { !tried.contains($0) }
        let shown = missing.prefix(mostValuesShown).map(\.json).joined(separator: ", ")
        return missing.count > mostValuesShown ? "\(shown) and \(missing.count - mostValuesShown) more" : shown
    }

    private static func count(_ cardinality: Double) -> String {
        cardinality < 1e9 ? String(Int(cardinality)) : Numbers.scaled(cardinality)
    }
}

/// The values of a domain, where there are few enough to name.
enum DomainValues {
    static func all(_ domain: Domain, most: Int) -> [Value]? {
        guard domain.cardinality <= Double(most) else { return nil }
        switch domain {
        case .powerOf2(let low, let high):
            return Array(sequence(first: low) { $0 < high ? $0 * 2 : nil }).map(Value.int)
        case .integer(let low, let high, let step):
            return stride(from: low, through: high, by: step).map(Value.int)
        case .values(let values):
            return values
        case .boolean:
            return [.bool(false), .bool(true)]
        case .permutation, .list, .tuple:
            return domain.cardinality <= 24 ? products(domain) : nil
        }
    }

    private static func products(_ domain: Domain) -> [Value] {
        switch domain {
        case .permutation(let length): permutations(Array(0..<length)).map { .list($0.map(Value.int)) }
        case .list(let length, let element): products(Array(repeating: element, count: length))
        case .tuple(let elements): products(elements)
        default: all(domain, most: 64) ?? []
        }
    }

    private static func products(_ domains: [Domain]) -> [Value] {
        domains.reduce([[]]) { partial, domain in
            partial.flatMap { head in products(domain).map { head + [$0] } }
        }.map(Value.list)
    }

    private static func permutations(_ items: [Int]) -> [[Int]] {
        guard items.count > 1 else { return [items] }
        return items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
    }
}
