import ConfigSpace
import Foundation
import Testing

@Test("values are written as minified JSON with sorted keys")
func valueJSON() {
    let value = Value.object([
        "b": .list([.int(-1), .double(64), .double(0.1), .double(1e300), .double(.nan), .null]),
        "a": .string("q\"\\\n\u{1}é"), "c": .bool(true),
    ])
    #expect(value.json == #"{"a":"q\"\\\n\u0001é","b":[-1,64.0,0.1,1e+300,null,null],"c":true}"#)
}

@Test(
    "values survive Foundation's JSON coders",
    arguments: ["null", "true", "-9223372036854775808", "0.5", #""text""#, "[1,[2,{}]]", #"{"a":[],"b":{"c":1.5}}"#])
func valueCoding(json: String) throws {
    let value = try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    #expect(value.json == json)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try String(decoding: encoder.encode(value), as: UTF8.self) == json)
}

@Test("integers beyond 64 bits become doubles")
func largeIntegers() throws {
    #expect(try JSONDecoder().decode(Value.self, from: Data("1e20".utf8)) == .double(1e20))
    #expect(try JSONDecoder().decode(Value.self, from: Data("100000000000000000000".utf8)) == .double(1e20))
}

@Test("a config is a JSON object, whose order the space brings back")
func configCoding() throws {
    let space = try space([("z", .powerOf2(min: 1, max: 64)), ("a", .list(length: 2, of: .boolean))])
    let config = space.defaultConfig.with("z", .int(8))
    #expect(config.json == #"{"a":[false,false],"z":8}"#)
    let decoded = try JSONDecoder().decode(Config.self, from: JSONEncoder().encode(config))
    #expect(decoded.names == ["a", "z"])
    #expect(try space.config(from: decoded.object).get() == config)
}

@Test("changing a parameter of a config leaves the others and their order")
func configChanges() {
    let config = Config(names: ["b", "a"], values: [.int(1), .int(2)])
    #expect(config.with("b", .int(3)) == Config(names: ["b", "a"], values: [.int(3), .int(2)]))
    #expect(config.with("b", .int(3)).changes(from: config) == Config(names: ["b"], values: [.int(3)]))
    #expect(config["a"] == .int(2) && config["c"] == nil)
}
