import ConfigSpace
import Testing

/// Texts, the column of the fault, and what is said.
private let faults: [(String, Int, String)] = [
    ("", 1, "the expression is empty"),
    ("1 +", 4, "expected a value, not the end"),
    ("1 + * 2", 5, "expected a value, not '*'"),
    ("1 2", 3, "expected an operator or the end, not '2'"),
    ("(1 + 2", 7, "expected ')', not the end"),
    ("[1, 2", 6, "expected ',' or ']', not the end"),
    ("a && b", 3, "'&&' is not an operator here; write 'and'"),
    ("a || b", 3, "'||' is not an operator here; write 'or'"),
    ("!a", 1, "'!' is not an operator here; write 'not'"),
    ("a = 1", 3, "'=' does not compare; write '=='"),
    ("a is None", 3, "'is' is not an operator here; write '=='"),
    ("a ? b : c", 3, "'?' is not an operator here; write 'a if condition else b'"),
    ("x in {1, 2}", 6, "sets and dictionaries are not part of the language; write a list '[…]'"),
    ("a << 2", 3, "shifts are not part of the language; write 'a * 2 ** n'"),
    ("a.b", 2, "attributes and methods are not part of the language"),
    ("mx(1, 2)", 1, "there is no function 'mx'; did you mean 'max'?"),
    ("abs(1, 2)", 1, "abs takes 1 argument, not 2"),
    ("range()", 1, "range takes 1 to 3 arguments, not 0"),
    ("'abc", 1, "the string has no closing quote"),
    ("12abc", 1, "this is not a number"),
    ("99999999999999999999", 1, "the number does not fit in 64 bits"),
    ("007", 1, "a number cannot start with 0"),
    ("a not b", 7, "expected 'in' after 'not', not 'b'"),
    ("1 if 2", 7, "expected 'else', not the end"),
    ("[i for i in xs for j in i]", 16, "a comprehension has one 'for' and at most one 'if'"),
    ("2 + é", 5, "unexpected character 'é'"),
    ("1 + missing", 5, "unknown name 'missing'"),
    ("8 // (a - a)", 3, "division by zero"),
    ("8 % 0", 3, "division by zero"),
    ("1 / 0", 3, "division by zero"),
    ("0 ** -1", 3, "division by zero"),
    ("9223372036854775807 + 1", 21, "the result does not fit in 64 bits"),
    ("2 ** 64", 3, "the result does not fit in 64 bits"),
    ("-9223372036854775807 - 2", 22, "the result does not fit in 64 bits"),
    ("(-9223372036854775807 - 1) // -1", 28, "the result does not fit in 64 bits"),
    ("abs(-9223372036854775807 - 1)", 1, "the result does not fit in 64 bits"),
    ("int(1e300)", 1, "the result does not fit in 64 bits"),
    ("int(1e308 * 10)", 1, "infinity and NaN have no integer part"),
    ("10.0 ** 400", 6, "the result does not fit in 64 bits"),
    ("(-8) ** 0.5", 6, "a negative number to a fractional power is not a real number"),
    ("1 + 'a'", 3, "'+' does not go with a number and a string"),
    ("None < 1", 6, "'<' does not go with null and a number"),
    ("1 in 2", 3, "'in' looks into a list, or for a string in a string, not into a number"),
    ("[1, 2][2]", 7, "index 2 is outside a list of length 2"),
    ("[1, 2][0.5]", 7, "an index is an integer, not 0.5"),
    ("max([])", 1, "max of an empty list"),
    ("len(3)", 1, "len takes a list or a string, not a number"),
    ("range(0, 5, 0)", 1, "the step of a range cannot be 0"),
    ("- 'a'", 1, "cannot negate a string"),
]

@Test("a fault is named, at its column", arguments: faults)
func faultsAreNamed(fault: (text: String, column: Int, message: String)) {
    let error = complaint(fault.text, ["a": .int(3), "xs": .list([])])
    #expect(error?.message == fault.message)
    #expect(error?.column == fault.column)
}

@Test("an error shows the text with a caret under the place")
func caret() {
    let expected = """
        '&&' is not an operator here; write 'and'
          block_m > 16 && block_n > 16
                       ^
        """
    #expect(complaint("block_m > 16 && block_n > 16")?.description == expected)
}

@Test("of a long text only the surroundings of the place are shown, and the caret is still under it")
func caretInLongText() throws {
    let text = String(repeating: "a + ", count: 100) + "? + " + String(repeating: "b + ", count: 100) + "1"
    let lines = try #require(complaint(text)).description.split(separator: "\n")
    #expect(lines.count == 3 && lines[1].count < 110)
    let caret = try #require(lines[2].firstIndex(of: "^"))
    #expect(Array(lines[1])[lines[2].distance(from: lines[2].startIndex, to: caret)] == "?")
}

@Test("offsets count bytes, columns count characters")
func offsets() {
    let error = complaint("'é' + missing")
    #expect(error?.offset == 7)
    #expect(error?.column == 7)
}
