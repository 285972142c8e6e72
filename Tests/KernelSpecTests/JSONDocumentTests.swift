import ConfigSpace
import Testing

@testable import KernelSpec

struct JSONDocumentTests {
    private func parse(_ text: String) throws -> JSONNode {
        try JSONDocument.parse(Array(text.utf8), file: "a.json").root
    }

    @Test("values keep the kind they were written in")
    func values() throws {
        let text =
            #" { "a" : [ null , true , false , 2 , 2.0 , -0 , 1e3 , "x\n\u00e9\ud83d\ude00\/" ] , "b" : {} , "é":[] } "#
        let value = try parse(text).value
        let list: [Value] = [
            .null, .bool(true), .bool(false), .int(2), .double(2), .int(0), .double(1000), .string("x\né😀/"),
        ]
        #expect(value == .object(["a": .list(list), "b": .object([:]), "é": .list([])]))
    }

    @Test(
        "integers that do not fit 64 bits become the nearest double",
        arguments: [
            ("9223372036854775807", Value.int(.max)), ("-9223372036854775808", .int(.min)),
            ("9223372036854775808", .double(9_223_372_036_854_775_808)),
            ("-9223372036854775809", .double(-9_223_372_036_854_775_808)),
        ])
    func bigIntegers(text: String, expected: Value) throws {
        #expect(try parse(text).value == expected)
    }

    @Test(
        "doubles are read to the nearest, like the standard library's",
        arguments: [
            "0.1", "3.976191997528076", "1.7976931348623157e308", "5e-324", "0.000001", "-123456789012345678",
            "0.30000000000000004", "9007199254740993.0", "1e22", "1e23", "123456789.123456789123456789", "-0.0",
        ])
    func doubles(text: String) throws {
        #expect(try parse(text).double?.bitPattern == Double(text)?.bitPattern)
    }

    @Test("nodes know their path and place")
    func places() throws {
        let root = try parse("{\n  \"é\": [1, {\"b c\": 2,\n \"d\": [[], 3]}]}")
        let list = try #require(root.member("é"))
        let object = Array(list.elements)[1]
        let inner = try #require(object.member("d"))
        let number = Array(inner.elements)[1]
        #expect(root.path == "")
        #expect(number.path == "[\"é\"][1].d[1]")
        #expect(object.member("b c")?.path == "[\"é\"][1][\"b c\"]")
        #expect(number.error("odd").description == "a.json:3:12: [\"é\"][1].d[1]: odd")
        #expect(list.position == TextPosition(line: 2, column: 8))
    }

    @Test("a place inside a string is found through its escapes")
    func placeInString() throws {
        let root = try parse(#"["ab\n\u00e9c < d"]"#)
        let node = try #require(root.elements.first { _ in true })
        let text = try #require(node.string)
        let offset = try #require(Array(text.utf8).firstIndex(of: UInt8(ascii: "<")))
        #expect(node.error("here", atByte: offset).description == "a.json:1:15: [0]: here")
    }

    @Test("numbers count as whole however they are written")
    func wholeNumbers() throws {
        let nodes = Array(try parse("[64, 64.0, 6.4e1, 64.5, 1e300, \"64\"]").elements)
        #expect(nodes.map(\.int) == [64, 64, 64, nil, nil, nil])
    }

    @Test("a deep document is refused before it can exhaust the stack")
    func depth() throws {
        let nested = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
        #expect(try parse(nested).count == 1)
        let error = #expect(throws: SpecError.self) { try parse("[" + nested + "]") }
        #expect(error?.description == "a.json:1:257: is nested deeper than 256 levels")
    }
}
