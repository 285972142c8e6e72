internal import ConfigSpace

/// Reads "launch" and "workload", whose expressions have to make sense for the default config at least.
struct GeometryReader {
    let space: ConfigSpace

    /// CUDA's limit of the grid's x extent.
    private static let mostBlocks = Int(Int32.max)

    func readLaunch(in file: JSONObject, language: Language) throws(SpecError) -> Launch? {
        guard language == .cuda || language == .triton else {
            if let launch = file.optional("launch") {
                throw launch.error(
                    "a \(language.rawValue) kernel is called, not launched", help: "remove \"launch\"")
            }
            return nil
        }
        guard let node = file.optional("launch") else {
            throw file.node.error(
                "\"launch\" is missing",
                help: "a \(language.rawValue) kernel needs \"launch\": {\"grid\": […]"
                    + (language == .cuda ? ", \"block\": […]}" : "}"))
        }
        guard language == .cuda else {
            // The block is the compiler's, by num_warps; so is shared memory.
            let launch = try JSONObject(node, keys: ["grid"])
            return Launch(grid: try readExtents(launch.required("grid")), block: [], sharedMemoryBytes: nil)
        }
        let launch = try JSONObject(node, keys: ["grid", "block", "shared_memory", "cluster", "cooperative"])
        return Launch(
            grid: try readExtents(launch.required("grid")), block: try readExtents(launch.required("block")),
            sharedMemoryBytes: try launch.optional("shared_memory").map { node throws(SpecError) in
                try readInt(node, in: 0...Self.mostBlocks)
            },
            cluster: try launch.optional("cluster").map { node throws(SpecError) in try readExtents(node) },
            cooperative: try launch.optional("cooperative").map { node throws(SpecError) in try readTruth(node) })
    }

    func readWorkload(_ node: JSONNode) throws(SpecError) -> Workload {
        let workload = try JSONObject(node, keys: ["flops", "bytes"])
        return Workload(
            flops: try workload.optional("flops").map { node throws(SpecError) in try readAmount(node) },
            bytes: try workload.optional("bytes").map { node throws(SpecError) in try readAmount(node) })
    }

    private func readExtents(_ node: JSONNode) throws(SpecError) -> [Expression] {
        var extents: [Expression] = []
        for element in try node.requireArray(count: 1...3) {
            extents.append(try readInt(element, in: 1...Self.mostBlocks))
        }
        return extents
    }

    private func readInt(_ node: JSONNode, in range: ClosedRange<Int>) throws(SpecError) -> Expression {
        let expression = try node.requireExpression(over: names)
        let config = space.defaultConfig
        _ = try node.evaluateInt(expression, in: range, " for the default config") { space.value(of: $0, in: config) }
        return expression
    }

    private func readTruth(_ node: JSONNode) throws(SpecError) -> Expression {
        if let truth = node.bool { return Expression(constant: .bool(truth)) }
        let expression = try node.requireExpression(over: names)
        let config = space.defaultConfig
        do {
            _ = try expression.evaluateCondition { space.value(of: $0, in: config) }
        } catch {
            throw node.fault(error)
        }
        return expression
    }

    private func readAmount(_ node: JSONNode) throws(SpecError) -> Expression {
        let expression = try node.requireExpression(over: names)
        let config = space.defaultConfig
        let amount: Double
        do {
            amount = try expression.evaluateDouble { space.value(of: $0, in: config) }
        } catch {
            throw node.fault(error)
        }
        guard amount >= 0, amount.isFinite else {
            throw node.error("is \(amount) for the default config, and has to be 0 or more")
        }
        return expression
    }

    private var names: [String] { space.parameters.map(\.name) + space.constants.keys.sorted() }
}
