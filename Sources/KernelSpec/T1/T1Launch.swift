internal import ConfigSpace

/// Reads a T1 file's launch the way Kernel Tuner does: blocks of block_size_x, _y, _z threads, and in each dimension
/// ProblemSize over the product of the GridDiv expressions, rounded up.
///
/// GlobalSize and LocalSize are only used where there is no ProblemSize; where they contradict, a warning says so.
struct T1Launch {
    let specification: JSONNode?
    let space: ConfigSpace

    private static let dimensions = ["X", "Y", "Z"]
    private static let standardBlock = [256, 1, 1]

    func read(for language: Language, _ warnings: inout [String]) -> Launch? {
        guard let specification, language != .c, language != .cPlusPlus else { return nil }
        do {
            let launch = try readLaunch(specification)
            if specification.member("ProblemSize") != nil { compare(launch, specification, &warnings) }
            return launch
        } catch {
            warnings.append(error.oddity("only recorded results can be used"))
            return nil
        }
    }

    private func readLaunch(_ node: JSONNode) throws(SpecError) -> Launch {
        var block: [Expression] = []
        for (name, size) in zip(T1Space.blockSizes, Self.standardBlock) {
            block.append(try compose(isParameter(name) ? name : "\(size)", node))
        }
        var grid: [Expression] = []
        if let problem = node.member("ProblemSize") {
            let sizes = problem.kind == .array ? Array(problem.elements) : [problem]
            for index in 0..<3 {
                grid.append(try readExtent(node, index, size: index < sizes.count ? sizes[index] : nil))
            }
        } else {
            let isInThreads = node.member("GlobalSizeType")?.string == "OpenCL"
            for (index, dimension) in Self.dimensions.enumerated() {
                guard let extent = node.member("GlobalSize")?.member(dimension) else {
                    throw node.error("has neither ProblemSize nor GlobalSize.\(dimension)")
                }
                let text = try self.text(extent)
                grid.append(try compose(isInThreads ? "ceil_div(\(text), \(block[index].text))" : text, node))
            }
        }
        let shared = node.member("SharedMemory")
        return Launch(
            grid: grid, block: block,
            sharedMemoryBytes: try shared.flatMap { shared throws(SpecError) in
                shared.kind == .null || shared.int == 0 ? nil : try shared.requireExpression(over: names)
            })
    }

    private func readExtent(_ node: JSONNode, _ index: Int, size: JSONNode?) throws(SpecError) -> Expression {
        guard let size else { return try compose("1", node) }
        var divisors: [String] = []
        if let list = node.member("GridDiv\(Self.dimensions[index])"), list.kind != .null {
            for divisor in list.kind == .array ? Array(list.elements) : [list] {
                let text = try self.text(divisor)
                divisors.append(text.contains("/") ? "int(\(text))" : text)
            }
        } else if isParameter(T1Space.blockSizes[index]) {
            divisors = [T1Space.blockSizes[index]]
        }
        let sizeText = try text(size)
        return try compose(
            divisors.isEmpty ? sizeText : "ceil_div(\(sizeText), \(divisors.joined(separator: " * ")))", node)
    }

    /// The text of a number or an expression, in parentheses if it is more than a word.
    private func text(_ node: JSONNode) throws(SpecError) -> String {
        if node.kind == .number { return String(try node.requireInt()) }
        let text = try node.requireExpressionText(over: names).text
        return text.utf8.allSatisfy(\.isIdentifierByte) ? text : "(\(text))"
    }

    private func compose(_ text: String, _ node: JSONNode) throws(SpecError) -> Expression {
        do {
            return try Expression(parsing: text)
        } catch {
            throw node.error("\(text): \(error.message)")
        }
    }

    private var names: [String] { space.parameters.map(\.name) }
    private func isParameter(_ name: String) -> Bool { space.parameters.contains { $0.name == name } }
}

// What GlobalSize and LocalSize say of the default config, against what is used.
extension T1Launch {
    private func compare(_ launch: Launch, _ node: JSONNode, _ warnings: inout [String]) {
        guard let block = extents(launch.block), let grid = extents(launch.grid) else { return }
        if let local = node.member("LocalSize") {
            let used = "blocks of \(shape(block)) threads are used, as Kernel Tuner does"
            switch written(local) {
            case .success(let extents):
                if extents != block {
                    warnings.append(local.oddity("gives \(shape(extents)) for the default config: \(used)"))
                }
            case .failure(let error): warnings.append(local.oddity("\(error.message): \(used)"))
            }
        }
        guard let global = node.member("GlobalSize") else { return }
        let used = "ProblemSize and GridDiv give \(shape(grid)), which is used, as Kernel Tuner does"
        switch written(global) {
        case .success(var extents):
            if node.member("GlobalSizeType")?.string == "OpenCL" {
                extents = zip(extents, block).map { ($0 + $1 - 1) / $1 }
            }
            if extents != grid {
                warnings.append(global.oddity("gives \(shape(extents)) blocks for the default config: \(used)"))
            }
        case .failure(let error): warnings.append(global.oddity("\(error.message): \(used)"))
        }
    }

    private func extents(_ expressions: [Expression]) -> [Int]? {
        let config = space.defaultConfig
        let extents = expressions.compactMap { expression in
            try? expression.evaluateInt { space.value(of: $0, in: config) }
        }
        return extents.count == 3 && extents.allSatisfy { $0 > 0 } ? extents : nil
    }

    private func written(_ node: JSONNode) -> Result<[Int], SpecError> {
        let config = space.defaultConfig
        do {
            var extents: [Int] = []
            for dimension in Self.dimensions {
                guard let extent = node.member(dimension) else {
                    extents.append(1)
                    continue
                }
                extents.append(
                    try extent.evaluateInt(extent.requireExpression(over: names), in: 1...1 << 40) {
                        space.value(of: $0, in: config)
                    })
            }
            return .success(extents)
        } catch {
            return .failure(error)
        }
    }

    private func shape(_ extents: [Int]) -> String { extents.map(String.init).joined(separator: " x ") }
}
