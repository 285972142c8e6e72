internal import ArgumentParser
internal import Foundation
internal import LanguageModel
internal import Reporting
internal import Tuning

/// `autotune models`: which services are configured, which model would be asked, and why.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Say which services of models are configured here, and which model would be asked.",
        discussion: """
            Nothing is sent; `autotune doctor` tries the model. Exit codes: 0 a model would be asked, 69 not.
            """)

    @OptionGroup(title: "Language model") var model: ModelOptionGroup

    @Flag(help: "Print one JSON document.")
    var json = false

    private struct Document: Encodable {
        var providers: [ProviderStatus]
        var model: String?
        var reason: String?
        var structuredOutput: String?
        var price: Price?
        var problem: String?
    }

    /// US dollars for a million tokens.
    private struct Price: Encodable {
        var input: Double
        var cachedInput: Double?
        var output: Double
    }

    func run() async throws {
        let command = self
        try await Failure.reporting {
            let document = command.document()
            let text =
                command.json
                ? String(decoding: try JSONFiles.documentEncoder.encode(document), as: UTF8.self)
                : Text.printable(Self.text(document))
            print(text)
            guard document.problem == nil else { throw ExitCode(EX_UNAVAILABLE) }
        }
    }

    private func document() -> Document {
        let environment = ProcessInfo.processInfo.environment
        var document = Document(providers: ProviderStatus.all(environment: environment))
        do {
            document.reason = try ProviderChoice(model.options(), environment: environment).reason
            let made = try model.make()
            document.model = made.name
            document.structuredOutput = made.schemaDialect?.rawValue
            let price = try model.givenName.flatMap { try model.cost.table(for: $0).price(of: $0) }
            document.price = price.map { Price(input: $0.input, cachedInput: $0.cachedInput, output: $0.output) }
        } catch {
            document.problem = "\(error)"
        }
        return document
    }

    private static func text(_ document: Document) -> String {
        let names = document.providers.map(\.provider.count).max() ?? 0
        let addresses = document.providers.compactMap(\.address?.count).max() ?? 0
        let lines = document.providers.map { status in
            let name = status.provider.padding(toLength: names, withPad: " ", startingAt: 0)
            let key = status.keyVariable.map { "key from \($0)" } ?? "without a key"
            let state = status.isConfigured ? key : "not configured: \(status.advice ?? "")"
            let address = (status.address ?? "-").padding(toLength: addresses, withPad: " ", startingAt: 0)
            return "\(name)  \(address)  \(state)"
        }
        return (lines + ["", chosen(document)]).joined(separator: "\n")
    }

    private static func chosen(_ document: Document) -> String {
        guard let model = document.model else { return "no model would be asked: \(document.problem ?? "")" }
        var lines = ["\(model) would be asked; its provider is known \(document.reason ?? "")"]
        lines.append(
            document.structuredOutput.map { "its replies would be bound to the space by a JSON Schema (\($0))" }
                ?? "its replies would be free text")
        if let price = document.price {
            lines.append("$\(price.input) for a million tokens read, $\(price.output) for a million written")
        } else {
            lines.append("what it costs is not known here (--prices FILE tells)")
        }
        return lines.joined(separator: "\n")
    }
}
