import ConfigSpace
import Testing

/// Pieces from which texts are put together that get past the lexer.
private let pieces = [
    "0", "1", "2", "7", "-1", "3.5", "1e308", "9223372036854775807", "0x1F", "'ab'", "\"\"", "True", "None", "null",
    "a", "b",
    "xs", "s", "i", "+", "-", "*", "/", "//", "%", "**", "<", "<=", "==", "!=", "in", "not in", "not", "and", "or",
    "if",
    "else", "for i in", "(", ")", "[", "]", ",", "min(", "max(", "abs(", "len(", "round(", "floor(", "sum(", "list(",
    "range(",
    "int(", "float(", "ceil_div(", "&&", "!", ".", "{", "é", "\u{0}", "'", " ",
]

private let soundTexts = [
    "a * b <= 1024 and (xs[0] % 2 == 0 or s in ['ab', None])", "[i ** 2 for i in range(a) if i % b != 0]",
    "max(xs) // -b if a > 3 else ceil_div(a, 2) * 1e300", "not -a ** -b < xs[-1] <= sum(xs) - 9223372036854775807",
]

private let names: [String: Value] = [
    "a": .int(7), "b": .double(-2.5), "xs": .list([.int(4), .int(Int.min), .bool(true)]), "s": .string("ab"),
]

private func randomText(using generator: inout SplitMix64) -> String {
    let count = Int.random(in: 1...12, using: &generator)
    return (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined(separator: " ")
}

/// A sound text with bytes changed, removed, or repeated.
private func mutatedText(using generator: inout SplitMix64) -> String {
    var bytes = Array(soundTexts[Int.random(in: 0..<soundTexts.count, using: &generator)].utf8)
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 32...126, using: &generator)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: bytes[place...].prefix(8), at: place)
        default: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

@Test("no text crashes or stalls the reader or the evaluator", arguments: 0..<4)
func fuzz(part: Int) {
    var generator = SplitMix64(seed: UInt64(part))
    var values = 0
    var errors = 0
    for round in 0..<26_000 {
        let text = round.isMultiple(of: 2) ? randomText(using: &generator) : mutatedText(using: &generator)
        do {
            _ = try evaluate(text, names).json
            values += 1
        } catch let error as ExpressionError {
            let isPlaced = error.offset <= text.utf8.count
            let isTold = !round.isMultiple(of: 16) || error.description.hasPrefix(error.message)
            errors += isPlaced && isTold ? 1 : 0
        } catch {}
    }
    #expect(values + errors == 26_000)
    #expect(values > 1000 && errors > 1000)
}
