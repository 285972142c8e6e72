public import ArgumentParser
internal import Foundation
internal import Guidance
internal import KernelSpec
public import LanguageModel
internal import Measurement
internal import Tuning

/// `autotune prompt`: what the model would be sent, or was.
struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Print what round 0 would send to the model, or what a session sent.",
        discussion: """
            autotune prompt kernel.json                 what round 0 would send; no model is asked
            autotune prompt --session DIR --round 1     what was sent in round 1 of a session
            autotune prompt kernel.json --schema openAI the JSON Schema that holds replies to the asked-for form
            """)

    @ArgumentParser.Argument(help: "kernel.json, or a T1 file.", completion: .file(extensions: ["json"]))
    var kernel: String?

    @Option(
        help: ArgumentHelp("The recording whose device the prompt names.", valueName: "file"), completion: .file())
    var recorded: String?

    @Option(
        help: ArgumentHelp(
            "The Python that a Helion kernel is asked with for its configuration space.", valueName: "interpreter"),
        completion: .file())
    var python = EvaluatorOptions.defaultPython

    @Option(help: ArgumentHelp("Print what this session sent.", valueName: "dir"), completion: .directory)
    var session: String?

    @Option(help: ArgumentHelp("The session's round.", valueName: "n"))
    var round: Int?

    @Option(
        help: ArgumentHelp(
            "Configs asked for; --strategy llm asks for \(TuningOptions.defaultConfigsPerRound) if nothing else is said.",
            valueName: "n"))
    var configsPerRound = SearchOptions.hybridConfigsPerRound

    @Option(name: .shortAndLong, help: ArgumentHelp("Rounds that the run would have.", valueName: "n"))
    var rounds = TuningOptions.defaultRounds

    @Option(help: ArgumentHelp("Seconds one config may take to compile, which the prompt tells.", valueName: "seconds"))
    var compileLimit = EvaluatorOptions.defaultCompileLimitSeconds

    @Option(
        help: ArgumentHelp("Folder with prompt templates that replace those of the program.", valueName: "dir"),
        completion: .directory)
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            "Print the reply's JSON Schema for structured output instead, as this kind of service takes it.",
            valueName: "dialect"))
    var schema: SchemaDialect?

    @Flag(help: "Print the messages as JSON, as they are sent.")
    var json = false

    mutating func validate() throws {
        if session == nil, kernel == nil { throw ValidationError("give a kernel file, or --session DIR --round N") }
        if session == nil, round != nil { throw ValidationError("--round needs --session DIR") }
        if session != nil, recorded != nil || prompts != nil || schema != nil {
            throw ValidationError("--session prints what was sent: leave out --recorded, --prompts and --schema")
        }
        if configsPerRound < 1 || rounds < 1 {
            throw ValidationError("--configs-per-round and --rounds must be at least 1")
        }
    }

    func run() async throws {
        let command = self
        try await Failure.reporting {
            if let schema = try await command.schemaText() {
                print(schema)
                return
            }
            let messages = try await command.messages()
            if command.json {
                print(String(decoding: try JSONFiles.documentEncoder.encode(messages), as: UTF8.self))
            } else {
                print(LLMStrategy.text(messages), terminator: "")
            }
        }
    }

    private func messages() async throws -> [Message] {
        if let session {
            let number = round ?? 0
            guard let sent = try Session(path: session).prompt(round: number) else {
                throw SessionError.noRound(path: session, round: number)
            }
            return sent
        }
        guard let kernel else { return [] }
        let target = try target(kernel)
        let spec = try KernelSpec.read(from: kernel)
        let templates = try PromptTemplates(language: spec.kernel.language, folder: prompts)
        return try await target.withEvaluator(for: spec, seed: 0) { evaluator in
            LLMStrategy.initialPrompt(
                PromptTarget(
                    spec: evaluator.spec, device: evaluator.device, source: target.source(of: spec),
                    configsPerRound: configsPerRound, rounds: rounds, compileLimitSeconds: compileLimit,
                    seeds: evaluator.seeds),
                templates: templates)
        }
    }

    private func schemaText() async throws -> String? {
        guard let kernel, let schema else { return nil }
        let spec = try KernelSpec.read(from: kernel)
        return try await target(kernel).withEvaluator(for: spec, seed: 0) { evaluator in
            let reply = ReplySchema(for: evaluator.spec.configSpace, mostConfigs: configsPerRound, dialect: schema)
            guard let reply else {
                throw SpecError(
                    file: kernel, path: "config_space",
                    message: "is empty, or larger than structured output of the kind \(schema.rawValue) can say",
                    help: "replies for it are read as free text")
            }
            return reply.text
        }
    }

    private func target(_ kernel: String) throws -> TargetOptions {
        var target = try TargetOptions.parse([kernel])
        target.recorded = recorded
        target.python = python
        target.compileLimit = compileLimit
        return target
    }
}

extension SchemaDialect: ExpressibleByArgument {}
