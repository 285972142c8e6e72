internal import ConfigSpace

/// A search for the first valid config, in the parameters' order, before there is a valid default to make a
/// `ConfigSpace` with.
///
/// Each condition is checked as soon as its last parameter is bound.
struct T1Search {
    enum Result {
        case found([Value])
        case none
        /// The bound on steps was reached.
        case gaveUp
    }

    let axes: [T1Axis]
    let conditions: [Expression]
    /// For each axis, the conditions whose last parameter it is.
    private let closing: [[Expression]]
    private let slots: [String: Int]

    private static let mostSteps = 1_000_000

    init(axes: [T1Axis], conditions: [Expression]) {
        self.axes = axes
        self.conditions = conditions
        let slots = Dictionary(axes.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var closing: [[Expression]] = Array(repeating: [], count: axes.count)
        for condition in conditions {
            closing[condition.names.compactMap { slots[$0] }.max() ?? 0].append(condition)
        }
        self.slots = slots
        self.closing = closing
    }

    func firstValid() -> Result {
        var places = [0]
        var values: [Value] = []
        for _ in 0..<Self.mostSteps {
            guard let place = places.last else { return .none }
            let depth = places.count - 1
            guard place < axes[depth].values.count else {
                places.removeLast()
                if values.popLast() == nil { return .none }
                continue
            }
            places[depth] += 1
            values.append(axes[depth].values[place])
            if closing[depth].allSatisfy({ holds($0, values) }) {
                if depth == axes.count - 1 { return .found(values) }
                places.append(0)
            } else {
                values.removeLast()
            }
        }
        return .gaveUp
    }

    /// The first condition that the config does not meet.
    func brokenCondition(_ values: [Value]) -> Expression? {
        conditions.first { !holds($0, values) }
    }

    /// A condition that cannot be evaluated, as one that divides by zero, is not met.
    private func holds(_ condition: Expression, _ values: [Value]) -> Bool {
        (try? condition.evaluateCondition { name in slots[name].map { values[$0] } }) ?? false
    }
}
