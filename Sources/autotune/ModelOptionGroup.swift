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
            discussion: "Keys are read from the provider's usual environment variable."))
    var provider: Provider?

    @Option(
        help: ArgumentHelp(
            "Address of an OpenAI-compatible server, such as http://localhost:8080/v1.", valueName: "url"))
    var baseURL: String?

    @Option(help: ArgumentHelp("Seconds a request to the model may take in all.", valueName: "seconds"))
    var modelTimeout = Timeouts().total

    @Option(help: ArgumentHelp("Most tokens of a reply, reasoning included.", valueName: "n"))
    var maxOutputTokens: Int?

    @Option(
        help: ArgumentHelp(
            "Folder with prompt templates that replace those of the program, file by file.", valueName: "dir"),
        completion: .directory)
    var prompts: String?

    func check(strategy: SearchOptions.StrategyName) throws {
        if !strategy.asksModel, model != nil || provider != nil || baseURL != nil {
            throw ValidationError(
                "--strategy \(strategy.rawValue) asks no model: leave out --model, --provider and --base-url")
        }
        if !(modelTimeout > 0 && modelTimeout <= 86_400) {
            throw ValidationError("--model-timeout must be more than 0 and at most 86400 seconds")
        }
        if let maxOutputTokens, maxOutputTokens < 1 { throw ValidationError("--max-output-tokens must be at least 1") }
    }

    func make() throws -> any LanguageModel {
        var options = ModelOptions()
        options.provider = provider
        options.baseURL = baseURL
        options.maxOutputTokens = maxOutputTokens
        options.timeouts.total = modelTimeout
        options.clientVersion = Autotune.version
        switch provider {
        case .command: options.command = (model ?? "").split(separator: " ").map(String.init)
        case .replay: options.replayDirectory = model
        default: options.model = model
        }
        return try makeLanguageModel(options, environment: ProcessInfo.processInfo.environment)
    }
}

extension Provider: ExpressibleByArgument {}
