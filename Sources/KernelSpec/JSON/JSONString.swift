extension JSONParser {
    /// Passes over the string at the offset; true when it holds escapes.
    mutating func scanString(_ text: Span<UInt8>) throws(SpecError) -> Bool {
        let start = offset
        var isEscaped = false
        var isASCII = true
        offset += 1
        while offset < text.count {
            let byte = text[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                if !isASCII { try checkUTF8(text, start..<offset) }
                return isEscaped
            case UInt8(ascii: "\\"):
                isEscaped = true
                try scanEscape(text)
            case 0..<0x20:
                if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                    throw error(
                        "this string is not closed on its line", at: start, in: text,
                        help: "close it with a double quote, or write a line break as \\n")
                }
                throw error("a control character stands in a string", in: text, help: "write it as \\u00\(hex(byte))")
            case 0x80...:
                isASCII = false
                offset += 1
            default:
                offset += 1
            }
        }
        throw error("this string is not closed", at: start, in: text, help: "close it with a double quote")
    }

    private mutating func scanEscape(_ text: Span<UInt8>) throws(SpecError) {
        let start = offset
        guard offset + 1 < text.count else {
            offset = text.count
            return
        }
        switch text[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            guard let unit = JSONString.hexUnit(text, at: offset + 2) else {
                throw error("expected four hexadecimal digits after \\u", at: start, in: text)
            }
            offset += 6
            guard unit & 0xF800 == 0xD800 else { return }
            guard unit < 0xDC00, offset + 1 < text.count, text[offset] == UInt8(ascii: "\\"),
                text[offset + 1] == UInt8(ascii: "u"), let low = JSONString.hexUnit(text, at: offset + 2),
                low & 0xFC00 == 0xDC00
            else {
                throw error("half of a surrogate pair stands alone", at: start, in: text)
            }
            offset += 6
        default:
            throw error(
                "an unknown escape stands in a string", at: start, in: text, help: "write a backslash as \\\\")
        }
    }

    private func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }

    /// Unicode's table of well-formed sequences (3-7): no overlong forms, no surrogates, nothing past U+10FFFF.
    private func checkUTF8(_ text: Span<UInt8>, _ range: Range<Int>) throws(SpecError) {
        var index = range.lowerBound
        while index < range.upperBound {
            let lead = text[index]
            let (length, second): (Int, ClosedRange<UInt8>) =
                switch lead {
                case 0..<0x80: (1, 0...0)
                case 0xC2...0xDF: (2, 0x80...0xBF)
                case 0xE0: (3, 0xA0...0xBF)
                case 0xED: (3, 0x80...0x9F)
                case 0xE1...0xEF: (3, 0x80...0xBF)
                case 0xF0: (4, 0x90...0xBF)
                case 0xF1...0xF3: (4, 0x80...0xBF)
                case 0xF4: (4, 0x80...0x8F)
                default: (0, 0...0)
                }
            var isWellFormed = length > 0 && index + length <= range.upperBound
            if isWellFormed, length > 1 {
                isWellFormed = second.contains(text[index + 1])
                for place in (index + 2)..<max(index + 2, index + length) where text[place] & 0xC0 != 0x80 {
                    isWellFormed = false
                }
            }
            guard isWellFormed else {
                throw error("this string is not valid UTF-8", at: index, in: text, help: "save the file as UTF-8")
            }
            index += length
        }
    }
}

/// Decoding of string tokens that the parser has found well-formed.
enum JSONString {
    static func decode(_ entry: JSONEntry, _ text: Span<UInt8>) -> String {
        let range = Int(entry.start) + 1..<Int(entry.end) - 1
        guard entry.kind == .escapedString else { return String(decoding: [UInt8](text, range), as: UTF8.self) }
        var scalars = String.UnicodeScalarView()
        var bytes: [UInt8] = []
        var index = range.lowerBound
        func flush() {
            scalars.append(contentsOf: String(decoding: bytes, as: UTF8.self).unicodeScalars)
            bytes.removeAll(keepingCapacity: true)
        }
        while index < range.upperBound {
            if text[index] == UInt8(ascii: "\\") {
                flush()
                let (scalar, length) = escape(text, at: index)
                scalars.append(scalar)
                index += length
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        flush()
        return String(scalars)
    }

    /// Where in the text the byte `offset` of the decoded string (in UTF-8) was written.
    static func sourceOffset(ofByte offset: Int, in entry: JSONEntry, _ text: Span<UInt8>) -> Int {
        let range = Int(entry.start) + 1..<Int(entry.end) - 1
        guard entry.kind == .escapedString else { return min(range.lowerBound + offset, range.upperBound) }
        var index = range.lowerBound
        var decoded = 0
        while index < range.upperBound, decoded < offset {
            if text[index] == UInt8(ascii: "\\") {
                let (scalar, length) = escape(text, at: index)
                decoded += UTF8.width(scalar)
                index += length
            } else {
                decoded += 1
                index += 1
            }
        }
        return index
    }

    /// FNV-1a over the decoded bytes.
    static func hash(_ entry: JSONEntry, _ text: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        if entry.kind == .escapedString {
            for byte in decode(entry, text).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        } else {
            for index in Int(entry.start) + 1..<Int(entry.end) - 1 {
                hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3
            }
        }
        return hash
    }

    static func equals(_ entry: JSONEntry, _ name: String, _ text: Span<UInt8>) -> Bool {
        guard entry.kind == .string else { return decode(entry, text) == name }
        let start = Int(entry.start) + 1
        guard name.utf8.count == Int(entry.end) - 1 - start else { return false }
        var index = start
        for byte in name.utf8 {
            guard text[index] == byte else { return false }
            index += 1
        }
        return true
    }

    static func hexUnit(_ text: Span<UInt8>, at offset: Int) -> UInt32? {
        guard offset + 4 <= text.count else { return nil }
        var unit: UInt32 = 0
        for index in offset..<offset + 4 {
            guard let digit = Character(UnicodeScalar(text[index])).hexDigitValue, text[index] < 0x80 else {
                return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static func escape(_ text: Span<UInt8>, at offset: Int) -> (UnicodeScalar, length: Int) {
        switch text[offset + 1] {
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"):
            let unit = hexUnit(text, at: offset + 2) ?? 0
            guard unit & 0xFC00 == 0xD800, let low = hexUnit(text, at: offset + 8) else {
                return (UnicodeScalar(unit) ?? "\u{FFFD}", 6)
            }
            return (UnicodeScalar(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)) ?? "\u{FFFD}", 12)
        default: return (UnicodeScalar(text[offset + 1]), 2)
        }
    }
}
