internal import ArgumentParser
internal import Foundation
internal import LanguageModel
internal import Tuning

/// What asking the model may cost.
struct ModelCostOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the model may cost, in US dollars; no request is made once that is reached.", valueName: "dollars"))
    var maxCost: Double?

    @Option(
        help: ArgumentHelp("The tokens it may use, of prompts and replies together.", valueName: "n"))
    var maxTokens: Int?

    @Option(
        help: ArgumentHelp(
            "Price list to use before the program's own: {\"prices\": [{\"model\": …, \"input\": …, \"output\": …}]}.",
            discussion: "In US dollars for a million tokens.", valueName: "file"),
        completion: .file())
    var prices: String?

    func check() throws {
        if let maxCost, !(maxCost > 0 && maxCost.isFinite) { throw ValidationError("--max-cost must be more than 0") }
        if let maxTokens, maxTokens < 1 { throw ValidationError("--max-tokens must be at least 1") }
    }

    /// - Parameter model: as the user names it.
    /// - Throws: a `ValidationError` where a limit is given for a model whose price nobody knows.
    func table(for model: String?) throws -> PriceTable {
        let table = try prices.map(PriceTable.overridden(by:)) ?? PriceTable.builtIn()
        if maxCost != nil, model.flatMap(table.price(of:)) == nil {
            throw ValidationError(
                "--max-cost: no price is known of \(model ?? "this model"): give --prices FILE, or --max-tokens instead"
            )
        }
        return table
    }

    func apply(to options: inout TuningOptions) {
        options.budget.dollars = maxCost
        options.budget.tokens = maxTokens
    }
}
