import ConfigSpace
import Testing

@Test("expressions have the values that Python gives them", arguments: pythonValues)
func expressionsHavePythonsValues(row: (text: String, json: String)) throws {
    #expect(try evaluate(row.text).json == row.json)
}

@Test("JSON's constants are read beside Python's")
func jsonConstants() throws {
    #expect(try evaluate("[true, false, null] == [True, False, None]") == .bool(true))
}

@Test("free names are listed once, in order of first use, without those that a comprehension binds")
func freeNames() throws {
    let expression = try Expression(parsing: "a if b > c else [i * a + d for i in range(e) if i < f]")
    #expect(expression.names == ["a", "b", "c", "d", "e", "f"])
    #expect(try Expression(parsing: "[i for i in i]").names == ["i"])
}

@Test("names take their values from the lookup")
func lookup() throws {
    let names: [String: Value] = ["block_m": .int(64), "sizes": .list([.int(1), .int(2)]), "mode": .string("xor")]
    #expect(try evaluate("block_m * sizes[-1] if mode == 'xor' else 0", names) == .int(128))
}

@Test("an integer result may be written as a float, but not have a fraction")
func integerResults() throws {
    #expect(try Expression(parsing: "128 / 2").evaluateInt { _ in nil } == 64)
    #expect(throws: ExpressionError.self) { try Expression(parsing: "3 / 2").evaluateInt { _ in nil } }
    #expect(try Expression(parsing: "3 / 2").evaluateDouble { _ in nil } == 1.5)
    #expect(try Expression(parsing: "[]").evaluateCondition { _ in nil } == false)
}

@Test("a constant is an expression")
func constants() throws {
    let expression = Expression(constant: .int(128))
    #expect(expression.text == "128")
    #expect(try expression.evaluateInt { _ in nil } == 128)
}

@Test("what follows a short circuit is not evaluated")
func shortCircuit() throws {
    #expect(try evaluate("n == 0 or 10 % n == 0", ["n": .int(0)]) == .bool(true))
    #expect(try evaluate("1 < 0 < unknown") == .bool(false))
    #expect(try evaluate("1 if True else unknown") == .int(1))
}
