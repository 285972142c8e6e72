import Crypto

/// The SHA-256 of what is appended, by which contents are told apart.
struct ContentHash: Sendable {
    private var hash = SHA256()

    init() {}

    init(_ bytes: [UInt8]) { append(bytes) }

    mutating func append(_ bytes: [UInt8]) { hash.update(data: bytes) }

    /// Appends a text so that where it ends is part of what is hashed.
    mutating func append(_ text: String) {
        append(Array("\(text.utf8.count):\(text)".utf8))
    }

    /// 64 hexadecimal digits.
    var text: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
