internal import ConfigSpace
internal import Search

/// What the fastest configs have in common, parameter by parameter.
///
/// Whole configs are counted: a default value is a value like any other.
struct Patterns {
    static let mostConfigs = 5

    let count: Int
    let lines: [String]

    init(_ ranked: [History.Entry], space: ConfigSpace) {
        let top = ranked.prefix(Self.mostConfigs)
        count = top.count
        guard top.count > 1 else {
            lines = []
            return
        }
        lines = space.parameters.indices.compactMap { index in
            // Where no config of the run differs, agreement says nothing.
            guard Set(ranked.map { $0.config.values[index] }).count > 1 else { return nil }
            return Self.line(space.parameters[index].name, top.map { $0.config.values[index] })
        }
    }

    private static func line(_ name: String, _ values: [Value]) -> String {
        var counts: [(value: Value, count: Int)] = []
        for value in values {
            if let index = counts.firstIndex(where: { $0.value == value }) {
                counts[index].count += 1
            } else {
                counts.append((value, 1))
            }
        }
        let ordered = counts.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(
            \.element)
        if ordered.count == 1 { return "\(name): always \(ordered[0].value.json)" }
        let others = ordered.dropFirst().map { "\($0.value.json) ×\($0.count)" }.joined(separator: ", ")
        if ordered[0].count * 2 > values.count { return "\(name): mostly \(ordered[0].value.json) (also \(others))" }
        return "\(name): \(ordered[0].value.json) ×\(ordered[0].count), \(others)"
    }
}
