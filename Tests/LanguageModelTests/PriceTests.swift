import Foundation
import LanguageModel
import Testing

@Suite("Prices") struct PriceTests {
    private let usage = Usage(
        inputTokens: 1_000_000, cachedInputTokens: 600_000, cacheWriteTokens: 100_000, outputTokens: 200_000,
        reasoningTokens: 150_000)

    @Test("cached, written and other input is priced apart, reasoning with the output")
    func cost() throws {
        let prices = try PriceTable.builtIn()
        let cost = try #require(prices.cost(of: usage, model: "claude-sonnet-4-5"))
        // 0.3 M at 3, 0.6 M at 0.3, 0.1 M at 3.75, 0.2 M at 15.
        #expect(abs(cost - (0.9 + 0.18 + 0.375 + 3)) < 1e-9)
    }

    @Test(
        "a model is found under the names that services and resellers give it",
        arguments: [
            "claude-sonnet-4-5-20250929", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5@20250929",
            "anthropic/claude-sonnet-4-5", "Claude-Sonnet-4-5-latest",
        ])
    func names(name: String) throws {
        #expect(try PriceTable.builtIn().price(of: name)?.model == "claude-sonnet-4-5")
    }

    @Test(
        "another model of a family has no price by chance",
        arguments: [
            "gpt-5.4-ultra", "gpt-5.45", "claude-sonnet-4-55", "claude-sonnet-4-5-fast", "", "gpt", "-20250929",
        ])
    func unknown(name: String) throws {
        let prices = try PriceTable.builtIn()
        #expect(prices.price(of: name) == nil)
        #expect(prices.cost(of: usage, model: name) == nil)
    }

    @Test("what was not counted has no cost")
    func uncounted() throws {
        #expect(try PriceTable.builtIn().cost(of: Usage(outputTokens: 5), model: "gpt-5.4") == nil)
    }

    /// Runs the body with the path of a price list.
    private func list(_ text: String, _ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url.path)
    }

    @Test("a list of the user's adds to the program's, and goes before it")
    func overridden() throws {
        let text = #"{"prices":[{"model":"gpt-5.4","input":1,"output":2},{"model":"my-model","input":0,"output":0}]}"#
        try list(text) { path in
            let prices = try PriceTable.overridden(by: path)
            #expect(prices.cost(of: usage, model: "gpt-5.4") == 1.4)
            #expect(prices.cost(of: usage, model: "my-model") == 0)
            #expect(prices.price(of: "gpt-5.5") != nil)
        }
    }

    @Test(
        "a list that is none is an error with what is wrong, and where",
        arguments: [
            ("{", "not JSON"), (#"{"prices":[{"model":"m","input":1}]}"#, ".prices[0].output"),
            (#"{"prices":[{"model":"m","input":"1","output":2}]}"#, ".prices[0].input"),
            (#"{"prices":[{"model":"m","input":-1,"output":2}]}"#, "price of m is below zero"),
        ])
    func badList(text: String, words: String) throws {
        try list(text) { path in
            let error = #expect(throws: LanguageModelError.self) { try PriceTable.overridden(by: path) }
            #expect(error?.kind == .badPriceList)
            #expect(error?.message.contains(words) == true && error?.message.contains(path) == true)
        }
    }

    @Test("a missing list is an error")
    func missing() {
        let error = #expect(throws: LanguageModelError.self) { try PriceTable.overridden(by: "/nowhere/prices.json") }
        #expect(error?.message.contains("/nowhere/prices.json") == true)
    }
}
