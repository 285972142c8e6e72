internal import ArgumentParser
internal import ConfigSpace
internal import KernelSpec

/// Measures each space that standard input names, as often as it is named.
struct SpacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spaces",
        abstract:
            "For each line of standard input, the path of a kernel.json or T1 file, one line of JSON with seconds.",
        discussion:
            "Every measurement begins with the texts of the constraints; nothing is kept from one line to the next.")

    @Option(help: ArgumentHelp("Random configs to draw.", valueName: "n"))
    var samples = 100

    @Option(help: ArgumentHelp("Spaces of more valid configs are not enumerated.", valueName: "n"))
    var mostEnumerated = 3_000_000

    private struct Report: Encodable {
        var valid: String
        var withoutConstraints: String
        /// Each from the constraints' texts on; nil where it was not done.
        var countSeconds: Double
        var sampleSeconds: Double
        /// Every valid config made, and let go before the next.
        var visitSeconds: Double?
        /// Every valid config in an array, its values beside it.
        var arraySeconds: Double?
        /// Every valid config at hand by its place, made when it is asked for.
        var tableSeconds: Double?
        var enumerated: Int?
    }

    func run() throws {
        while let path = readLine() { try printLine(try measure(KernelSpec.read(from: path).configSpace)) }
    }

    private func measure(_ known: ConfigSpace) throws -> Report {
        let count = try timed { try Self.made(like: known).count() }
        let drawn = try timed {
            var generator = SplitMix64(seed: 1)
            return try Self.made(like: known).sample(samples, using: &generator).count
        }
        var report = Report(
            valid: count.result.description, withoutConstraints: known.countWithoutConstraints().description,
            countSeconds: count.seconds, sampleSeconds: drawn.seconds)
        if count.result.exact.map({ $0 <= UInt128(mostEnumerated) }) ?? false {
            let visited = try timed {
                try Self.made(like: known).allConfigs().reduce(0) { count, config in
                    count + (config.values.isEmpty ? 0 : 1)
                }
            }
            let all = try timed { Array(try Self.made(like: known).allConfigs()) }
            report.visitSeconds = visited.seconds
            report.arraySeconds = all.seconds
            // The last one is asked for, so that the table is known to have it.
            let table = try timed { try Self.made(like: known).table().map { ($0.count, $0.last) } }
            guard table.result.map({ $0.0 == all.result.count && $0.1 == all.result.last }) ?? true else {
                throw ValidationError("the table and the array of \(report.valid) configs differ")
            }
            report.tableSeconds = table.result == nil ? nil : table.seconds
            report.enumerated = all.result.count
        }
        return report
    }

    /// The same space once more, its constraints read and compiled anew.
    private static func made(like known: ConfigSpace) throws -> ConfigSpace {
        try ConfigSpace(
            parameters: known.parameters,
            constraints: known.constraints.map { Constraint(try Expression(parsing: $0.text)) },
            constants: known.constants)
    }
}
