extension JSONParser {
    /// Passes over the number at the offset.
    mutating func scanNumber(_ text: Span<UInt8>) throws(SpecError) -> JSONEntry.Kind {
        let start = offset
        if text[offset] == UInt8(ascii: "-") { offset += 1 }
        guard offset < text.count, text[offset].isDigit else {
            throw error("expected a digit after '-', found \(found(text))", in: text)
        }
        if text[offset] == UInt8(ascii: "0"), offset + 1 < text.count, text[offset + 1].isDigit {
            throw error("a number starts with a superfluous 0", at: start, in: text, help: "remove the leading 0")
        }
        skipDigits(text)
        var kind = JSONEntry.Kind.integer
        var hasExponent = false
        if offset < text.count, text[offset] == UInt8(ascii: ".") {
            kind = .real
            offset += 1
            try requireDigit(text, after: "the decimal point")
        }
        if offset < text.count, text[offset] | 0x20 == UInt8(ascii: "e") {
            kind = .real
            hasExponent = true
            offset += 1
            if offset < text.count, text[offset] == UInt8(ascii: "+") || text[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            try requireDigit(text, after: "the exponent's sign or 'e'")
        }
        // Only an exponent or hundreds of digits can leave Double's range.
        if hasExponent || offset - start > 300, !JSONNumber.double(text, start..<offset).isFinite {
            throw error("is beyond the range of numbers (about 1.8e308)", at: start, in: text)
        }
        return kind
    }

    private mutating func requireDigit(_ text: Span<UInt8>, after what: String) throws(SpecError) {
        guard offset < text.count, text[offset].isDigit else {
            throw error("expected a digit after \(what), found \(found(text))", in: text)
        }
        skipDigits(text)
    }

    private mutating func skipDigits(_ text: Span<UInt8>) {
        while offset < text.count, text[offset].isDigit { offset += 1 }
    }
}

/// The values of number tokens that the parser has found well-formed.
enum JSONNumber {
    /// The integer, if it was written as one and fits.
    static func int(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        let isNegative = text[range.lowerBound] == UInt8(ascii: "-")
        var value = 0
        for index in (isNegative ? range.dropFirst() : range) {
            let digit = Int(text[index] &- UInt8(ascii: "0"))
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = scaled.subtractingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = next
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// The nearest Double.
    ///
    /// Up to 19 digits with a small power of ten need one exact multiplication or division (Clinger's fast path); all
    /// else goes through the standard library.
    static func double(_ text: Span<UInt8>, _ range: Range<Int>) -> Double {
        var digits: UInt64 = 0
        var digitCount = 0
        var exponent = 0
        var seesPoint = false
        var index = range.lowerBound
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        while index < range.upperBound {
            let byte = text[index]
            if byte.isDigit {
                digits = digits &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
                if digits > 0 { digitCount += 1 }
                if seesPoint { exponent -= 1 }
            } else if byte == UInt8(ascii: ".") {
                seesPoint = true
            } else {
                break
            }
            index += 1
        }
        if index == range.upperBound, digitCount <= 19, digits < 1 << 53, exponent >= -22 {
            let magnitude = Double(digits) / powersOfTen[-exponent]
            return isNegative ? -magnitude : magnitude
        }
        return Double(String(decoding: [UInt8](text, range), as: UTF8.self)) ?? .nan
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
