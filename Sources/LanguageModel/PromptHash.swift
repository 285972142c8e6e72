/// The hash by which a recording knows the prompt that it answered: SHA-256 in hexadecimal.
///
/// Each message goes into it as its role, a line break, the number of its UTF-8 bytes in decimal, a line break, those
/// bytes, and a line break; so no two conversations share a hash because of where one message ends and the next begins.
public func promptHash(_ messages: [Message]) -> String {
    var bytes: [UInt8] = []
    for message in messages {
        bytes += "\(message.role.rawValue)\n\(message.content.utf8.count)\n\(message.content)\n".utf8
    }
    return SHA256.hexDigest(of: bytes)
}
