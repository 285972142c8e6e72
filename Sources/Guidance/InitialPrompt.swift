internal import ConfigSpace
internal import Foundation
internal import KernelSpec
internal import Measurement

/// The values of `initial.mustache`.
enum InitialPrompt {
    static func context(_ target: PromptTarget) -> [String: Any] {
        let spec = target.spec
        let space = spec.configSpace
        var context = target.common(round: 0)
        context["hasSource"] = target.source != nil
        context["source"] = source(target)
        context["sourceName"] = spec.kernel.source
        context["function"] = spec.kernel.function
        context["fence"] = fence(spec.kernel.language)
        context["arguments"] = spec.arguments.map(describe)
        context["workload"] = workload(spec)
        context["deviceName"] = target.device.name
        context["deviceFacts"] = target.device.facts.map { "\($0.name): \($0.value)" }
        context["spaceSize"] = space.count().description
        context["parameters"] = space.parameters.map(describe)
        context["constraints"] = space.constraints.map(\.text) + constants(space)
        context["defaultConfig"] = space.defaultConfig.json
        context["seeds"] = target.seeds.filter { $0 != space.defaultConfig }
            .map { $0.changes(from: space.defaultConfig).json }
        context["hasSeeds"] = target.seeds.contains { $0 != space.defaultConfig }
        return context
    }

    private static func fence(_ language: Language) -> String {
        if language == .c { return "c" }
        return language.isPython ? "python" : "cpp"
    }

    private static func source(_ target: PromptTarget) -> String? {
        guard let source = target.source?.trimmingCharacters(in: .newlines) else { return nil }
        guard source.utf8.count > PromptTarget.longestSource else { return source }
        return source.prefix(PromptTarget.longestSource) + "\n… (cut here)"
    }

    private static func describe(_ parameter: Parameter) -> String {
        let domain = parameter.domain.describe(default: parameter.defaultValue)
        return "\(parameter.name): \(domain)" + (parameter.description.map { ": \($0)" } ?? "")
    }

    private static func describe(_ argument: Argument) -> String {
        switch argument.kind {
        case .scalar(let value):
            "\(argument.name): \(argument.dataType.rawValue) = \(value.json)"
        case .array(let shape, _, let role):
            "\(argument.name): \(argument.dataType.rawValue)[\(shape.map(String.init).joined(separator: ", "))], \(role.rawValue)"
                + (argument.order.map { ", memory order \($0), the slowest dimension first" } ?? "")
        }
    }

    /// Scalar arguments and other names that constraints may use.
    private static func constants(_ space: ConfigSpace) -> [String] {
        let used = Set(space.constraints.flatMap { $0.expression.names })
        let constants = space.constants.filter { used.contains($0.key) }.sorted { $0.key < $1.key }
        guard !constants.isEmpty else { return [] }
        return ["(with \(constants.map { "\($0.key) = \($0.value.json)" }.joined(separator: ", ")))"]
    }

    private static func workload(_ spec: KernelSpec) -> String? {
        let amounts = WorkAmounts(spec, config: spec.configSpace.defaultConfig)
        switch (amounts.flops, amounts.bytes) {
        case (let flops?, let bytes?) where bytes > 0:
            return "One run does \(Numbers.scaled(flops))FLOP and has to move at least \(Numbers.scaled(bytes))B: "
                + "\(String(format: "%.3g", flops / bytes)) FLOP per byte."
        case (let flops?, _):
            return "One run does \(Numbers.scaled(flops))FLOP."
        case (nil, let bytes?):
            return "One run has to move at least \(Numbers.scaled(bytes))B."
        case (nil, nil):
            return nil
        }
    }
}
