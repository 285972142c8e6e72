internal import ConfigSpace

/// Reads a T1 file's tuning parameters, conditions and defaults.
struct T1Space {
    private let root: JSONNode
    private let isForGPU: Bool

    /// The threads of a block that all devices allow; Kernel Tuner leaves out configs with more, unasked.
    static let mostThreads = 1024
    static let blockSizes = ["block_size_x", "block_size_y", "block_size_z"]

    init(_ root: JSONNode, isForGPU: Bool) throws(SpecError) {
        guard let space = root.member("ConfigurationSpace") else {
            throw root.error("\"ConfigurationSpace\" is missing")
        }
        self.root = space
        self.isForGPU = isForGPU
    }

    func read(_ warnings: inout [String]) throws(SpecError) -> ConfigSpace {
        guard let list = root.member("TuningParameters") else { throw root.error("\"TuningParameters\" is missing") }
        let nodes = try list.requireArray(count: 1 ... .max)
        var axes: [T1Axis] = []
        for node in nodes {
            let axis = try T1Axis(node, &warnings)
            guard !axes.contains(where: { $0.name == axis.name }) else {
                throw node.error("the parameter \(axis.name) stands twice", help: "remove one of them")
            }
            axes.append(axis)
        }
        var conditions = try readConditions(over: axes.map(\.name))
        var search = T1Search(axes: axes, conditions: conditions)
        if let limit = threadLimit(axes, search) {
            conditions.append(limit)
            search = T1Search(axes: axes, conditions: conditions)
            warnings.append(
                list.oddity("\(limit.text) is added to the conditions, as Kernel Tuner does: no device takes more"))
        }
        let defaults = try readDefaults(nodes, axes, search, &warnings)
        let parameters = zip(axes, defaults).map { axis, value in
            Parameter(name: axis.name, domain: .values(axis.values), defaultValue: value)
        }
        do {
            return try ConfigSpace(parameters: parameters, constraints: conditions.map { Constraint($0) })
        } catch {
            throw root.error(error.description)
        }
    }

    private func readConditions(over names: [String]) throws(SpecError) -> [Expression] {
        guard let list = root.member("Conditions") else { return [] }
        var conditions: [Expression] = []
        for node in try list.requireArray() {
            guard let text = node.member("Expression") else { throw node.error("\"Expression\" is missing") }
            conditions.append(try text.requireExpressionText(over: names))
        }
        return conditions
    }

    /// Kernel Tuner's own condition, where a config that meets all others breaks it.
    private func threadLimit(_ axes: [T1Axis], _ search: T1Search) -> Expression? {
        let sizes = axes.map(\.name).filter(Self.blockSizes.contains)
        guard isForGPU, !sizes.isEmpty else { return nil }
        let product = sizes.joined(separator: " * ")
        guard let limit = try? Expression(parsing: "\(product) <= \(Self.mostThreads)"),
            let excess = try? Expression(parsing: "\(product) > \(Self.mostThreads)")
        else { return nil }
        let beyond = T1Search(axes: axes, conditions: [excess] + search.conditions)
        if case .none = beyond.firstValid() { return nil }
        return limit
    }

    /// The defaults as written, repaired one by one; if a condition refuses them, the first valid config.
    private func readDefaults(
        _ nodes: [JSONNode], _ axes: [T1Axis], _ search: T1Search, _ warnings: inout [String]
    ) throws(SpecError) -> [Value] {
        if nodes.contains(where: { $0.member("Default") != nil }) {
            var values: [Value] = []
            for (node, axis) in zip(nodes, axes) { values.append(axis.readDefault(node, &warnings)) }
            guard let broken = search.brokenCondition(values) else { return values }
            let first = try firstValid(search)
            warnings.append(
                root.oddity(
                    "the Defaults violate \(broken.text): the first valid config is the default, \(text(first, axes))"))
            return first
        }
        let first = try firstValid(search)
        warnings.append(
            root.oddity("no parameter has a Default: the first valid config is the default, \(text(first, axes))"))
        return first
    }

    private func firstValid(_ search: T1Search) throws(SpecError) -> [Value] {
        switch search.firstValid() {
        case .found(let values): return values
        case .none: throw root.error("no config meets all conditions", help: "correct the Conditions or the Values")
        case .gaveUp:
            throw root.error(
                "no config was found that meets all conditions", help: "give each parameter a valid Default")
        }
    }

    private func text(_ values: [Value], _ axes: [T1Axis]) -> String {
        zip(axes, values).map { "\($0.name)=\($1.json)" }.joined(separator: " ")
    }
}
