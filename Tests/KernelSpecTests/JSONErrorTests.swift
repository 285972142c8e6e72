import Testing

@testable import KernelSpec

struct JSONErrorTests {
    static let faults: [(text: String, error: String)] = [
        ("", "1:1: expected a value, found the end of the file"),
        ("{} x", "1:4: expected the end of the file, found 'x'"),
        ("{\"a\" 1}", "1:6: expected ':' after the key, found '1'"),
        ("{\n  a: 1}", "2:3: expected a key in double quotes, found 'a'"),
        ("[1 2]", "1:4: expected ',' or ']', found '2'"),
        ("{\"a\": 1 \"b\"", "1:9: expected ',' or '}', found '\"'"),
        ("[1,\n 2,]", "2:3: nothing follows this comma\n  remove it"),
        ("{\"a\": 1,}", "1:8: nothing follows this comma\n  remove it"),
        ("[1,,2]", "1:4: expected a value, found ','"),
        ("{\n\"a\": [1,", "2:9: expected a value, found the end of the file"),
        ("{\"a\": [1", "1:9: the file ends inside the array opened at line 1, column 7\n  close it with ]"),
        ("[]]", "1:3: expected the end of the file, found ']'"),
        ("['a']", "1:2: expected a value, found a single quote\n  JSON strings stand in double quotes"),
        ("[True]", "1:2: expected a value, found 'True'\n  write true or false in lower case"),
        ("[None]", "1:2: expected a value, found 'None'\n  write null"),
        ("[NaN]", "1:2: expected a value, found 'NaN'\n  JSON has no such number"),
        ("[1] // x", "1:5: expected the end of the file, found '/'"),
        ("[// x\n1]", "1:2: expected a value, found '/'\n  JSON has no comments"),
        ("[01]", "1:2: a number starts with a superfluous 0\n  remove the leading 0"),
        ("[1.]", "1:4: expected a digit after the decimal point, found ']'"),
        ("[-]", "1:3: expected a digit after '-', found ']'"),
        ("[1e+]", "1:5: expected a digit after the exponent's sign or 'e', found ']'"),
        ("[1e999]", "1:2: is beyond the range of numbers (about 1.8e308)"),
        ("[\"a]", "1:2: this string is not closed\n  close it with a double quote"),
        (
            "[\"a\n\"]",
            "1:2: this string is not closed on its line\n"
                + "  close it with a double quote, or write a line break as \\n"
        ),
        ("[\"a\tb\"]", "1:4: a control character stands in a string\n  write it as \\u0009"),
        ("[\"\\x\"]", "1:3: an unknown escape stands in a string\n  write a backslash as \\\\"),
        ("[\"\\u12g4\"]", "1:3: expected four hexadecimal digits after \\u"),
        ("[\"\\ud800x\"]", "1:3: half of a surrogate pair stands alone"),
        (
            "{\"a\": 1, \"b\": 2,\n \"\\u0061\": 3}",
            "2:2: the key \"a\" stands twice in this object\n  keep one of them"
        ),
        ("\u{FEFF}{}", "1:1: starts with a byte-order mark\n  save it as UTF-8 without one"),
    ]

    @Test("a fault is told with its line, its column and what was expected", arguments: faults)
    func faultIsTold(text: String, expected: String) {
        let error = #expect(throws: SpecError.self) { try JSONDocument.parse(Array(text.utf8), file: "a.json") }
        #expect(error?.description == "a.json:" + expected)
    }

    @Test(
        "invalid UTF-8 is refused where it stands",
        arguments: [
            [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let text = Array("[\"ab".utf8) + bytes + Array("\"]".utf8)
        let error = #expect(throws: SpecError.self) { try JSONDocument.parse(text, file: "a.json") }
        #expect(error?.description == "a.json:1:5: this string is not valid UTF-8\n  save the file as UTF-8")
    }

    @Test("no mutation of a document crashes the parser")
    func mutations() {
        var generator = Lehmer(state: 1)
        let text = Array("{\"a\": [1, -2.5e3, \"x\\u00e9\", {\"b\": null}], \"c\": [true, false]}".utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            var mutant = text
            for _ in 0...generator.next(below: 3) {
                let place = generator.next(below: mutant.count)
                switch generator.next(below: 3) {
                case 0: mutant[place] = UInt8(generator.next(below: 256))
                case 1: mutant.remove(at: place)
                default: mutant.insert(mutant[generator.next(below: mutant.count)], at: place)
                }
            }
            if let document = try? JSONDocument.parse(mutant, file: "a.json") {
                accepted += 1
                _ = document.root.value
            }
        }
        #expect(accepted > 0)
    }
}

/// A small generator with a fixed seed, so that a failing mutation comes again.
struct Lehmer {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}
