public import ArgumentParser
internal import Foundation
public import LanguageModel

/// Which model to ask, and how.
struct ModelOptionGroup: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The model's name; for the provider `command` the program and its arguments, for `replay` the folder.",
            discussion: "Default: AUTOTUNE_MODEL of the environment.", valueName: "name"))
    var model: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Who serves it. Default: by the model's name.",
            discussion: "Keys are read from the provider's usual environment variable; see Docs/Providers.md."))
    var provider: Provider?

    @Option(
        help: ArgumentHelp(
            "Address of the service, such as http://localhost:8080/v1; without --provider one with OpenAI's Chat "
                + "Completions.", valueName: "url"))
    var baseURL: String?

    @Option(help: ArgumentHelp("Bind replies to the space by a JSON Schema.", valueName: "auto|on|off"))
    var structured = StructuredOutput.auto

    @Option(
        help: ArgumentHelp(
            "Most tokens of a reply, reasoning included; doubled once where a reply is cut off.", valueName: "n"))
    var maxOutputTokens: Int?

    @Option(help: "Sampling temperature, for models that take one.")
    var temperature: Double?

    @Option(help: ArgumentHelp("How much the model is to think, for models that take it."))
    var reasoningEffort: ReasoningEffort?

    @Option(
        help: ArgumentHelp("Folder to record the replies in, for the provider `replay`.", valueName: "dir"),
        completion: .directory)
    var record: String?

    @Option(
        help: ArgumentHelp(
            "Folder with prompt templates that replace those of the program, file by file.", valueName: "dir"),
        completion: .directory)
    var prompts: String?

    @Flag(inversion: .prefixedNo, help: "Measure configs while the model still writes its reply.")
    var early = true

    @OptionGroup(title: "Cost of the model") var cost: ModelCostOptions

    @OptionGroup(title: "Connection to the model") var connection: ModelConnectionOptions

    func check(strategy: SearchOptions.StrategyName) throws {
        if !strategy.asksModel, model != nil || provider != nil || baseURL != nil {
            throw ValidationError(
                "--strategy \(strategy.rawValue) asks no model: leave out --model, --provider and --base-url")
        }
        if let maxOutputTokens, maxOutputTokens < 1 { throw ValidationError("--max-output-tokens must be at least 1") }
        if let temperature, !(0...2).contains(temperature) {
            throw ValidationError("--temperature must be from 0 to 2")
        }
        try cost.check()
        try connection.check()
    }

    /// The model's name as the user gave it.
    var givenName: String? { model ?? ProcessInfo.processInfo.environment["AUTOTUNE_MODEL"] }

    /// Typed, for whoever tells the user what is wrong.
    func make() throws(LanguageModelError) -> any LanguageModel {
        try makeLanguageModel(options(), environment: ProcessInfo.processInfo.environment)
    }

    func options() -> ModelOptions {
        var options = ModelOptions()
        options.provider = provider
        options.baseURL = baseURL
        options.structured = structured
        options.maxOutputTokens = maxOutputTokens
        options.temperature = temperature
        options.reasoningEffort = reasoningEffort
        options.recordDirectory = record
        options.clientVersion = Autotune.version
        connection.apply(to: &options)
        switch provider {
        case .command: options.command = (model ?? "").split(separator: " ").map(String.init)
        case .replay: options.replayDirectory = model
        default: options.model = model
        }
        return options
    }
}

extension Provider: ExpressibleByArgument {}
extension StructuredOutput: ExpressibleByArgument {}
extension ReasoningEffort: ExpressibleByArgument {}
