internal import ArgumentParser
internal import ConfigSpace
internal import Foundation
internal import KernelSpec
internal import Reporting

/// `autotune check`: says what a kernel file describes, and whether it is sound.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a kernel file and describe its configuration space.",
        discussion: "Nothing is compiled or run. Exit codes: 0 sound, 65 not.")

    @ArgumentParser.Argument(help: "kernel.json, or a T1 file.", completion: .file(extensions: ["json"]))
    var kernel: String

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() async throws {
        let (path, json) = (kernel, json)
        try await Failure.reporting {
            let spec = try KernelSpec.read(from: path)
            let text = json ? try Self.document(spec) : Text.printable(Self.description(spec))
            for warning in spec.warnings {
                try? FileHandle.standardError.write(contentsOf: Data("warning: \(Text.printable(warning))\n".utf8))
            }
            print(text)
        }
    }

    private static func description(_ spec: KernelSpec) -> String {
        let space = spec.configSpace
        var lines = [
            "kernel   \(spec.name): \(spec.kernel.function) in \(spec.kernel.source) (\(spec.kernel.language.rawValue))"
        ]
        for argument in spec.arguments { lines.append("  \(ArgumentDescription.text(argument))") }
        guard !spec.kernel.language.tellsSpace else {
            return (lines + ["space    told by the kernel itself when a worker opens it (autotune prompt)"])
                .joined(separator: "\n")
        }
        lines.append("space    \(space.count()) valid configs of \(space.countWithoutConstraints())")
        let width = space.parameters.map(\.name.count).max() ?? 0
        for parameter in space.parameters {
            let name = parameter.name.padding(toLength: width, withPad: " ", startingAt: 0)
            lines.append("  \(name)  \(parameter.domain.describe(default: parameter.defaultValue))")
        }
        if !space.constraints.isEmpty { lines.append("constraints") }
        for constraint in space.constraints { lines.append("  \(constraint.text)") }
        lines.append("default  \(space.defaultConfig.json)")
        return lines.joined(separator: "\n")
    }

    private struct Document: Encodable {
        var name: String
        var language: String
        var parameters: [String]
        /// Nil, as what follows, where the kernel tells its space itself.
        var validConfigs: Double?
        var isExact: Bool?
        var `default`: Config?
        var warnings: [String]
    }

    private static func document(_ spec: KernelSpec) throws -> String {
        let count = spec.kernel.language.tellsSpace ? nil : spec.configSpace.count()
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            name: spec.name, language: spec.kernel.language.rawValue,
            parameters: spec.configSpace.parameters.map(\.name), validConfigs: count?.estimate,
            isExact: count.map { $0.exact != nil }, default: count.map { _ in spec.configSpace.defaultConfig },
            warnings: spec.warnings)
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}
