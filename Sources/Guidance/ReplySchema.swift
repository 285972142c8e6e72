public import ConfigSpace
public import LanguageModel

/// The form of a reply, `{"configs":[{…},…]}`, as a JSON Schema made from the configuration space.
///
/// It says as much as the dialect can of which fields there are and which values each may have: constraints between
/// fields are beyond all of them, and a reply is reviewed as strictly with a schema as without. Every valid config meets
/// the schema, complete or, where the dialect lets fields be left out, as what differs from the default.
///
///     {"type":"object","properties":{"configs":{"type":"array","items":{"type":"object","properties":{
///      "block_m":{"type":"integer","enum":[16,32,64]},…},…},"minItems":1,"maxItems":15}},…}
public struct ReplySchema: Sendable, Equatable {
    /// The schema, minified, its fields in the order of the space.
    public let text: String

    /// Nil where the dialect cannot say it: for a space with no parameters, or one beyond the dialect's limits.
    ///
    /// Where only the number of values is beyond them, the longest enumerations become a type and its bounds.
    ///
    /// - Parameter mostConfigs: how many configs are asked for, 1 or more.
    public init?(for space: ConfigSpace, mostConfigs: Int, dialect: SchemaDialect) {
        guard !space.parameters.isEmpty else { return nil }
        for longest in [250, 100, 50, 20, 10, 5, 2, 1] {
            var domains = DomainSchemas(dialect: dialect, longestEnumeration: longest)
            let fields = space.parameters.map { parameter in
                OrderedJSON.Member(name: parameter.name, value: domains.schema(for: parameter.domain))
            }
            // Three levels are the reply's own: it, its list, and a config.
            guard domains.valueCount <= dialect.mostEnumValues, domains.unionCount <= dialect.mostUnions,
                domains.deepest + 3 <= dialect.deepestNesting
            else { continue }
            let areRequired = fields.count > dialect.mostOptionalFields
            let config = Self.object(fields, required: areRequired ? fields.map(\.name) : [])
            let configs = domains.list(of: config, lengths: 1...max(1, mostConfigs))
            let text = Self.object([OrderedJSON.Member(name: "configs", value: configs)], required: ["configs"]).text
            guard text.utf8.count <= dialect.mostCharacters else { continue }
            self.text = text
            return
        }
        return nil
    }

    private static func object(_ fields: [OrderedJSON.Member], required: [String]) -> OrderedJSON {
        .object([
            "type": .string("object"), "properties": .object(fields), "required": .list(required.map { .string($0) }),
            "additionalProperties": .value(.bool(false)),
        ])
    }
}
