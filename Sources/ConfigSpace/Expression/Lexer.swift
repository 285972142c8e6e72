/// Splits an expression's text into tokens.
struct Lexer {
    private let text: String
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    mutating func next() throws(ExpressionError) -> Token {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
        let start = position
        guard start < bytes.count else { return Token(kind: .end, start: start, end: start) }
        let byte = bytes[start]
        let kind: Token.Kind =
            if isDigit(byte) || byte == UInt8(ascii: ".") && isDigit(peek(1)) {
                try number()
            } else if isNameStart(byte) {
                try word()
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                .string(try string(quote: byte))
            } else {
                .symbol(try symbol())
            }
        return Token(kind: kind, start: start, end: position)
    }

    private func peek(_ distance: Int) -> UInt8 {
        position + distance < bytes.count ? bytes[position + distance] : 0
    }

    private func error(_ message: String, at offset: Int) -> ExpressionError {
        ExpressionError(message: message, text: text, offset: offset)
    }

    private mutating func word() throws(ExpressionError) -> Token.Kind {
        let start = position
        while isNameStart(peek(0)) || isDigit(peek(0)) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        if peek(0) == UInt8(ascii: "'") || peek(0) == UInt8(ascii: "\"") {
            if let keyword = Keyword(rawValue: word) { return .keyword(keyword) }
            throw error("strings have no prefix", at: start)
        }
        if word == "is" { throw error("'is' is not an operator here; write '=='", at: start) }
        if word == "lambda" { throw error("functions cannot be defined here", at: start) }
        return Keyword(rawValue: word).map { .keyword($0) } ?? .name(word)
    }

    private mutating func symbol() throws(ExpressionError) -> Symbol {
        for length in [2, 1] where position + length <= bytes.count {
            switch Spelling.all[Array(bytes[position..<position + length])] {
            case .own(let symbol):
                position += length
                return symbol
            case .foreign(let advice): throw error(advice, at: position)
            case nil: continue
            }
        }
        let character = String(decoding: bytes[position...].prefix(16), as: UTF8.self).first ?? "?"
        throw error("unexpected character '\(character)'", at: position)
    }

    private mutating func string(quote: UInt8) throws(ExpressionError) -> String {
        let start = position
        var content: [UInt8] = []
        position += 1
        while position < bytes.count, bytes[position] != quote {
            if bytes[position] == UInt8(ascii: "\\") {
                content.append(try escaped())
            } else {
                content.append(bytes[position])
            }
            position += 1
        }
        guard position < bytes.count else { throw error("the string has no closing quote", at: start) }
        position += 1
        return String(decoding: content, as: UTF8.self)
    }

    /// The character that a backslash and the byte after it stand for; stops on that byte.
    private mutating func escaped() throws(ExpressionError) -> UInt8 {
        position += 1
        switch peek(0) {
        case UInt8(ascii: "n"): return UInt8(ascii: "\n")
        case UInt8(ascii: "t"): return UInt8(ascii: "\t")
        case UInt8(ascii: "r"): return UInt8(ascii: "\r")
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return bytes[position]
        default: throw error("unknown escape; only \\\\ \\' \\\" \\n \\r \\t are known", at: position - 1)
        }
    }

    private mutating func number() throws(ExpressionError) -> Token.Kind {
        let start = position
        if peek(0) == UInt8(ascii: "0"), let radix = [98: 2, 111: 8, 120: 16][peek(1) | 0x20] {
            position += 2
            return .int(try integer(from: start, digitsFrom: position, radix: radix))
        }
        skipDigits()
        var isFraction = false
        if peek(0) == UInt8(ascii: ".") {
            isFraction = true
            position += 1
            skipDigits()
        }
        if peek(0) | 0x20 == UInt8(ascii: "e") {
            let signed = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
            if isDigit(peek(signed ? 2 : 1)) {
                isFraction = true
                position += signed ? 2 : 1
                skipDigits()
            }
        }
        guard isFraction else { return .int(try integer(from: start, digitsFrom: start, radix: 10)) }
        let digits = bytes[start..<position].filter { $0 != UInt8(ascii: "_") }
        guard !endsInName(), let value = Double(floatText(digits)), value.isFinite else {
            throw error("this is not a number a 64-bit float can hold", at: start)
        }
        return .double(value)
    }

    private mutating func integer(from start: Int, digitsFrom: Int, radix: Int) throws(ExpressionError) -> Int {
        while isNameStart(peek(0)) || isDigit(peek(0)) { position += 1 }
        let digits = bytes[digitsFrom..<position].filter { $0 != UInt8(ascii: "_") }
        if radix == 10, digits.count > 1, digits[0] == UInt8(ascii: "0"), digits.contains(where: { $0 != digits[0] }) {
            throw error("a number cannot start with 0", at: start)
        }
        let isNumber = digits.allSatisfy { byte in
            let letter = Int(byte | 0x20) - 97
            return isDigit(byte) ? Int(byte) - 48 < radix : letter >= 0 && letter + 10 < radix
        }
        guard isNumber, !digits.isEmpty else { throw error("this is not a number", at: start) }
        guard let value = Int(String(decoding: digits, as: UTF8.self), radix: radix) else {
            throw error("the number does not fit in 64 bits", at: start)
        }
        return value
    }

    private mutating func skipDigits() {
        while isDigit(peek(0)) || peek(0) == UInt8(ascii: "_") { position += 1 }
    }

    private func endsInName() -> Bool { isNameStart(peek(0)) }
}

/// Swift reads neither `.5` nor `5.` nor `5.e3`.
private func floatText(_ digits: [UInt8]) -> String {
    var text = ""
    for (index, byte) in digits.enumerated() {
        let isPoint = byte == UInt8(ascii: ".")
        if isPoint, index == 0 { text += "0" }
        text.unicodeScalars.append(Unicode.Scalar(byte))
        if isPoint, index + 1 == digits.count || !isDigit(digits[index + 1]) { text += "0" }
    }
    return text
}

private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

private func isNameStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
}
