internal import Foundation

/// What models cost, by the token.
public struct PriceTable: Sendable {
    /// US dollars for a million tokens.
    public struct Price: Sendable, Equatable, Decodable {
        /// The model's name as its maker gives it, without a date.
        public var model: String
        public var input: Double
        /// Of the prompt, what was read from the service's cache; as much as `input` where nil.
        public var cachedInput: Double?
        /// Of the prompt, what was written to the service's cache; as much as `input` where nil.
        public var cacheWrite: Double?
        /// The reply, with reasoning.
        public var output: Double
        public var source: String?
        public var date: String?
    }

    private struct File: Decodable {
        var prices: [Price]
    }

    private var prices: [String: Price]

    /// The prices that ship with the program (`prices.json`), each with its source and date.
    ///
    /// - Throws: `badPriceList`; only where the program was built from a damaged one.
    public static func builtIn() throws(LanguageModelError) -> PriceTable {
        PriceTable(prices: try read(PackageResources.prices_json, of: "the program's price list"))
    }

    /// The built-in prices, with those of a file of the same form in their place.
    ///
    /// - Parameter path: A JSON file, `{"prices": [{"model": …, "input": …, "output": …}]}`.
    /// - Throws: `badPriceList`, with what is wrong where in it.
    public static func overridden(by path: String) throws(LanguageModelError) -> PriceTable {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw LanguageModelError(
                .badPriceList, "The price list \(path.oneLine) cannot be read.", help: "Check --prices.")
        }
        let own = try read(Array(bytes), of: path.oneLine)
        return PriceTable(prices: try builtIn().prices.merging(own) { _, own in own })
    }

    /// What this usage cost in US dollars; nil where the model has no price here or the service counted no tokens.
    ///
    /// - Parameter model: As the service or the user names it: resellers' prefixes and dates at its end are set aside.
    public func cost(of usage: Usage, model: String) -> Double? {
        guard let price = price(of: model), let input = usage.inputTokens, let output = usage.outputTokens else {
            return nil
        }
        let cached = min(usage.cachedInputTokens ?? 0, input)
        let written = min(usage.cacheWriteTokens ?? 0, input - cached)
        let dollars =
            Double(input - cached - written) * price.input + Double(cached) * (price.cachedInput ?? price.input)
            + Double(written) * (price.cacheWrite ?? price.input) + Double(output) * price.output
        return dollars / 1_000_000
    }

    /// The price of a model, or of the model that a dated name is a version of.
    public func price(of model: String) -> Price? {
        let name = ModelFacts.baseName(model)
        if let price = prices[name] { return price }
        // Such as -20250929, -2025-08-07, @20250929, -v1:0, -latest.
        let version = /(?:[-@](?:\d{8}|\d{4}-\d{2}-\d{2}|latest|default))?(?:-v\d+(?::\d+)?)?$/
        guard let start = name.firstMatch(of: version)?.range.lowerBound, start < name.endIndex else { return nil }
        return prices[String(name[..<start])]
    }

    private static func read(_ bytes: [UInt8], of file: String) throws(LanguageModelError) -> [String: Price] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let prices = try decoder.decode(File.self, from: Data(bytes)).prices
            for price in prices {
                let numbers = [price.input, price.cachedInput ?? 0, price.cacheWrite ?? 0, price.output]
                guard numbers.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
                    throw refusal(file, "the price of \(price.model.oneLine) is below zero")
                }
            }
            return Dictionary(prices.map { ($0.model.lowercased(), $0) }, uniquingKeysWith: { _, last in last })
        } catch let error as LanguageModelError {
            throw error
        } catch let error as DecodingError {
            throw refusal(file, words(of: error))
        } catch {
            throw refusal(file, error.localizedDescription)
        }
    }

    private static func refusal(_ file: String, _ what: String) -> LanguageModelError {
        LanguageModelError(
            .badPriceList, "\(file) is no price list: \(what).",
            help: "It has to be {\"prices\": [{\"model\": \"NAME\", \"input\": 1.25, \"cached_input\": 0.125, "
                + "\"output\": 10}]}, in US dollars for a million tokens.")
    }

    private static func words(of error: DecodingError) -> String {
        func place(_ path: [any CodingKey], _ last: String = "") -> String {
            let steps = path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined() + last
            return steps.isEmpty ? "" : " at \(steps)"
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "a value is missing\(place(context.codingPath, ".\(key.stringValue)"))"
        case .typeMismatch(let type, let context): return "a \(type) is expected\(place(context.codingPath))"
        case .valueNotFound(let type, let context): return "a \(type) is missing\(place(context.codingPath))"
        case .dataCorrupted: return "it is not JSON"
        @unknown default: return "it cannot be read"
        }
    }
}
