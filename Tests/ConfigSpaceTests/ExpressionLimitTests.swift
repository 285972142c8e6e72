import ConfigSpace
import Testing

@Test(
    "nesting without end is an error, not a crash",
    arguments: [
        ("(", "1", ")"), ("[", "1", "]"), ("not ", "1", ""), ("-", "1", ""), ("2 ** ", "1", ""), ("max(", "[1]", ")"),
        ("1 if 0 else ", "1", ""), ("a[", "0", "]"), ("[i for i in ", "[]", "]"), ("not -(", "1", ")"),
        ("0 or 0 == 1 + 2 * max(3, ", "4", ")"),
        ("0 or 1 + 2 * [3 for i in ", "xs", "]"), ("1 if [3, 4] else 0 or 1 + 2 * xs[", "0", "]"),
    ])
func deepNesting(open: String, middle: String, close: String) {
    func nested(_ depth: Int) -> String {
        String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
    }
    #expect(complaint(nested(400))?.message == "the expression is nested too deeply")
    #expect(complaint(nested(8), ["a": .list([.int(0)]), "xs": .list([])])?.message.hasSuffix("deeply") != true)
}

@Test("long chains of operators are no nesting", arguments: ["+", "*", "and", "or", "<=", "=="])
func longChains(separator: String) throws {
    let text = Array(repeating: "1", count: 2000).joined(separator: " \(separator) ")
    #expect(try evaluate(text).isTruthy)
}

@Test("a text of more than 16 KiB is refused")
func longTexts() {
    #expect(complaint(String(repeating: " ", count: 20_000))?.message == "the expression is longer than 16384 bytes")
}

@Test(
    "what would take too much time or memory is an error",
    arguments: [
        "range(10 ** 12)", "range(-(10 ** 18), 10 ** 18)", "'abcd' * 10 ** 15", "[0] * 10 ** 15",
        "[[0] * 60000 for i in range(60000)]", "sum([sum(range(1000)) for i in range(60000)])",
        "[[j for j in range(60000)] == [0] for i in range(60000)]",
        "[[y == y for i in range(60000)] for y in [[list(range(60000))]]]",
        "[x + x for x in ['ab' * 30000 for i in range(1000)]]",
    ])
func boundedWork(text: String) throws {
    let message = try #require(complaint(text)).message
    #expect(message.contains("at most") || message.contains("too many steps"))
}

@Test("huge exponents are quick, and errors unless the base is 0 or 1")
func hugeExponents() throws {
    #expect(
        try evaluate("1 ** 9223372036854775807 + 0 ** 9223372036854775807 + (-1) ** 9223372036854775807") == .int(0))
    #expect(complaint("3 ** 9223372036854775807") != nil)
}
