internal import Crypto

/// The hash by which a recording knows the prompt that it answered: SHA-256 in hexadecimal.
///
/// Each message goes into it as its role, a line break, the number of its UTF-8 bytes in decimal, a line break, those
/// bytes, and a line break; so no two conversations share a hash because of where one message ends and the next begins.
public func promptHash(_ messages: [Message]) -> String {
    sha256(messages.flatMap { "\($0.role.rawValue)\n\($0.content.utf8.count)\n\($0.content)\n".utf8 })
}

/// The SHA-256 digest of some bytes in lower-case hexadecimal, 64 characters.
public func sha256(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
}
