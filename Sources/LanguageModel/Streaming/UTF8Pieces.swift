/// Decodes UTF-8 that comes in pieces, which may end within a character.
struct UTF8Pieces {
    private var held: [UInt8] = []

    /// The characters that are complete; what is no UTF-8 becomes U+FFFD.
    mutating func take(_ piece: [UInt8]) -> String {
        let bytes = held + piece
        let cut = bytes.count - Self.incompleteEnd(of: bytes)
        held = Array(bytes[cut...])
        return String(decoding: bytes[..<cut], as: UTF8.self)
    }

    mutating func end() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    /// How many bytes at the end are the beginning of a character that has more.
    private static func incompleteEnd(of bytes: [UInt8]) -> Int {
        for (back, byte) in bytes.suffix(3).reversed().enumerated() {
            switch byte {
            case 0x80...0xBF: continue
            case 0xC2...0xDF: return back < 1 ? back + 1 : 0
            case 0xE0...0xEF: return back < 2 ? back + 1 : 0
            case 0xF0...0xF4: return back + 1
            default: return 0
            }
        }
        return 0
    }
}
