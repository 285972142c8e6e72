import ConfigSpace
import Foundation
import KernelSpec
import LanguageModel
import Testing

@testable import Guidance

@Suite struct ReplySchemaTests {
    /// A parameter of every kind.
    static func space() throws -> ConfigSpace {
        try ConfigSpace(
            parameters: [
                Parameter(name: "tile", domain: .powerOf2(min: 16, max: 64)),
                Parameter(name: "depth", domain: .integer(min: 0, max: 8, step: 2)),
                Parameter(name: "budget", domain: .integer(min: 100, max: 100_000, step: 100)),
                Parameter(name: "mode", domain: .values([.string("fast"), .string("small")])),
                Parameter(name: "limit", domain: .values([.null, .int(32), .double(0.5)])),
                Parameter(name: "fuse", domain: .boolean),
                Parameter(name: "order", domain: .permutation(length: 3)),
                Parameter(name: "unroll", domain: .list(length: 2, of: .powerOf2(min: 1, max: 4))),
                Parameter(name: "blocks", domain: .tuple([.powerOf2(min: 1, max: 2), .boolean])),
                Parameter(name: "pairs", domain: .values([.list([.int(1), .int(2)]), .list([.int(4)])])),
            ], constraints: [])
    }

    static func schema(_ dialect: SchemaDialect, of space: ConfigSpace, most: Int = 4) throws -> String {
        try #require(ReplySchema(for: space, mostConfigs: most, dialect: dialect)).text
    }

    @Test("every kind of parameter has its schema, as OpenAI takes it")
    func openAI() throws {
        let text = try Self.schema(.openAI, of: Self.space())
        for part in [
            #"{"type":"object","properties":{"configs":{"type":"array","items":{"type":"object","properties":{"tile":"#,
            #""tile":{"type":"integer","enum":[16,32,64]}"#,
            #""depth":{"type":"integer","enum":[0,2,4,6,8]}"#,
            #""budget":{"type":"integer","minimum":100,"maximum":100000,"multipleOf":100}"#,
            #""mode":{"type":"string","enum":["fast","small"]}"#,
            #""limit":{"anyOf":[{"type":"number","enum":[32,0.5]},{"type":"null"}]}"#,
            #""fuse":{"type":"boolean"}"#,
            #""order":{"type":"array","items":{"type":"integer","enum":[0,1,2]},"minItems":3,"maxItems":3}"#,
            #""unroll":{"type":"array","items":{"type":"integer","enum":[1,2,4]},"minItems":2,"maxItems":2}"#,
            #""blocks":{"type":"array","items":{"anyOf":[{"type":"integer","enum":[1,2]},{"type":"boolean"}]},"#
                + #""minItems":2,"maxItems":2}"#,
            #""pairs":{"type":"array","items":{"type":"integer","enum":[1,2,4]},"minItems":1,"maxItems":2}"#,
            #""required":["tile","depth","budget","mode","limit","fuse","order","unroll","blocks","pairs"],"#
                + #""additionalProperties":false},"minItems":1,"maxItems":4}},"required":["configs"],"#
                + #""additionalProperties":false}"#,
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test("what a service refuses is not in its schema, what it can say more of is")
    func dialects() throws {
        let anthropic = try Self.schema(.anthropic, of: Self.space())
        for keyword in ["minimum", "maximum", "multipleOf", "maxItems", "prefixItems", "\"minItems\":2"] {
            #expect(!anthropic.contains(keyword), "\(keyword)")
        }
        #expect(anthropic.contains(#""required":[]"#))
        let gemini = try Self.schema(.gemini, of: Self.space())
        #expect(!gemini.contains("multipleOf"))
        #expect(gemini.contains(#""prefixItems":[{"type":"integer","enum":[1,2]},{"type":"boolean"}]"#))
        let llama = try Self.schema(.grammar, of: Self.space())
        #expect(llama.contains(#""order":{"enum":[[0,1,2],[0,2,1],[1,0,2],[1,2,0],[2,0,1],[2,1,0]]}"#))
    }

    static let wrong: [(String, Set<SchemaDialect>)] = [
        (#"[{"tile":16}]"#, []), (#"{"configs":[]}"#, []), (#"{"configs":[{"tile":48}]}"#, []),
        (#"{"configs":[{"tile":"16"}]}"#, []), (#"{"configs":[{"depth":9}]}"#, []), (#"{"configs":[{"til":16}]}"#, []),
        (#"{"configs":[{"mode":"slow"}]}"#, []), (#"{"configs":[{"limit":64}]}"#, []),
        (#"{"configs":[{"fuse":1}]}"#, []), (#"{"configs":[{"order":[0,1,3]}]}"#, []),
        (#"{"configs":[{"unroll":[1,3]}]}"#, []), (#"{"configs":[{"unroll":4}]}"#, []),
        (#"{"configs":[{"blocks":[4,true]}]}"#, []), (#"{"configs":[{"pairs":[3]}]}"#, []),
        (#"{"configs":[{"config":{"tile":16}}]}"#, []), (#"{"configs":[{}],"note":""}"#, []),
        // What not every dialect can say.
        (#"{"configs":[{"budget":1000000}]}"#, [.anthropic]), (#"{"configs":[{"order":[0,1]}]}"#, [.anthropic]),
        (#"{"configs":[{"unroll":[1,1,1]}]}"#, [.anthropic]),
        (#"{"configs":[{"order":[0,0,1]}]}"#, [.openAI, .anthropic, .gemini]),
        (#"{"configs":[{"blocks":[true,1]}]}"#, [.openAI, .anthropic]),
        (#"{"configs":[{},{},{},{},{}]}"#, [.anthropic]),
        (#"{"configs":[{"budget":150}]}"#, [.anthropic, .gemini, .grammar]),
    ]

    @Test(
        "a reply that breaks the form is refused by the schema where its dialect can say so",
        .enabled(if: JSONSchemaValidator.isThere), arguments: SchemaDialect.allCases)
    func broken(dialect: SchemaDialect) throws {
        let space = try Self.space()
        let full = space.defaultConfig.json.dropFirst().dropLast()
        // Complete configs, so that nothing is refused for what it leaves out; the last of equal names counts.
        let texts = Self.wrong.map { $0.0.replacing("{\"configs\":[{\"", with: "{\"configs\":[{\(full),\"") }
        let schema = try Self.schema(dialect, of: space)
        let verdicts = try JSONSchemaValidator.validate([JSONSchemaValidator.Case(schema: schema, texts: texts)])
        for ((text, passing), isValid) in zip(Self.wrong, try #require(verdicts.first)) {
            // Left out of these three, the fields are missing where all are required.
            let isSparse = text.contains("[{}")
            #expect(isValid == (passing.contains(dialect) && !(isSparse && dialect == .openAI)), "\(text)")
        }
    }

    /// The spaces of the examples and of the hub where it is at hand; Helion's are told by Helion itself.
    static func spaces() throws -> [(String, ConfigSpace)] {
        let root = ReplyStreamTests.root
        var files = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "Examples").path).filter {
            $0.hasSuffix("kernel.json") && !$0.contains("helion") || $0.hasSuffix("_T1.json")
        }.map { root.appending(path: "Examples/\($0)").path }
        files.append(ReferenceConversationTests.folder.appending(path: "kernel.json").path)
        let hub = root.deletingLastPathComponent().appending(path: "shared/hub").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: hub)) ?? []
        files += names.filter { $0.hasSuffix("_T1.json") }.map { "\(hub)/\($0)" }
        return try files.sorted().map { ($0, try KernelSpec.read(from: $0).configSpace) }
    }

    @Test(
        "every valid config meets the schema of its space in each dialect, whole and as what differs from the default",
        .enabled(if: JSONSchemaValidator.isThere))
    func samples() throws {
        let spaces = try Self.spaces() + [("every kind", Self.space())]
        #expect(spaces.count >= 10)
        var names: [String] = []
        var cases: [JSONSchemaValidator.Case] = []
        for (name, space) in spaces {
            var generator = SplitMix64(seed: 2)
            let configs = space.sample(40, using: &generator) + [space.defaultConfig]
            for dialect in SchemaDialect.allCases {
                let schema = try Self.schema(dialect, of: space)
                let areSparse = schema.contains(#""required":[]"#)
                let texts = configs.map { config in
                    let part = areSparse ? config.changes(from: space.defaultConfig) : config
                    return "{\"configs\":[\(config.json),\(part.json)]}"
                }
                names.append("\(name) \(dialect)")
                cases.append(JSONSchemaValidator.Case(schema: schema, texts: texts))
            }
        }
        for (name, verdicts) in zip(names, try JSONSchemaValidator.validate(cases)) {
            #expect(verdicts.allSatisfy { $0 }, "\(name)")
        }
    }

    @Test("a space with more values than a service takes tells its longest enumerations by their bounds")
    func manyValues() throws {
        let parameters = (0..<30).map { index in
            Parameter(
                name: "p\(index)", domain: .values((0..<(index < 10 ? 90 : 10)).map { .int($0 * 3) }))
        }
        let space = try ConfigSpace(parameters: parameters, constraints: [])
        let text = try Self.schema(.openAI, of: space)
        #expect(text.contains(#""p0":{"type":"integer","minimum":0,"maximum":267}"#))
        #expect(text.contains(#""p29":{"type":"integer","enum":[0,3,6,9,12,15,18,21,24,27]}"#))
        let anthropic = try Self.schema(.anthropic, of: space)
        #expect(anthropic.contains(#""p0":{"type":"integer"}"#))
        #expect(anthropic.contains(#""required":["p0","p1""#))
    }

    @Test("a space beyond what can be said has no schema")
    func none() throws {
        func schema(_ domains: [Domain], _ dialect: SchemaDialect) throws -> ReplySchema? {
            let parameters = domains.enumerated().map { Parameter(name: "parameter_\($0)", domain: $1) }
            let space = try ConfigSpace(parameters: parameters, constraints: [])
            return ReplySchema(for: space, mostConfigs: 15, dialect: dialect)
        }
        #expect(try schema([], .openAI) == nil)
        let nested = (0..<8).reduce(Domain.boolean) { inner, _ in .list(length: 1, of: inner) }
        #expect(try schema([nested], .openAI) == nil)
        #expect(try schema(Array(repeating: .boolean, count: 4000), .grammar) == nil)
        let mixed = Domain.values([.null, .int(1)])
        #expect(try schema(Array(repeating: mixed, count: 17), .anthropic) == nil)
        #expect(try schema(Array(repeating: mixed, count: 17), .openAI) != nil)
    }
}
