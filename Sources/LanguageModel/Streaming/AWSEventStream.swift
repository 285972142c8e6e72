import Foundation

/// Amazon's framing of streams, `application/vnd.amazon.eventstream`, as Bedrock sends Anthropic's events in it.
///
/// A message is: its length and that of its headers (32 bits each, big-endian), a CRC-32 of these, the headers, the
/// payload, a CRC-32 of all before. <https://smithy.io/2.0/aws/amazon-eventstream.html>
struct AWSEventStreamParser: EventFraming {
    /// Amazon's own limit of a message is below this; more is not this framing.
    private static let limitBytes = 25 << 20

    private var buffer: [UInt8] = []

    mutating func take(_ bytes: [UInt8]) throws(FramingError) -> [StreamEvent] {
        buffer += bytes
        var events: [StreamEvent] = []
        var start = 0
        while buffer.count - start >= 16 {
            let length = Int(Self.number(buffer[start..<start + 4]))
            let headers = Int(Self.number(buffer[start + 4..<start + 8]))
            guard Self.crc32(buffer[start..<start + 8]) == Self.number(buffer[start + 8..<start + 12]),
                length >= 16 + headers, length <= Self.limitBytes
            else { throw FramingError(words: "a message of the event stream has a damaged head") }
            guard buffer.count - start >= length else { break }
            let message = buffer[start..<start + length]
            guard Self.crc32(message.dropLast(4)) == Self.number(message.suffix(4)) else {
                throw FramingError(words: "a message of the event stream is damaged")
            }
            if let event = try Self.event(
                headers: Self.headers(message.dropFirst(12).prefix(headers)),
                payload: message.dropFirst(12 + headers).dropLast(4))
            {
                events.append(event)
            }
            start += length
        }
        buffer.removeFirst(start)
        return events
    }

    /// What is left of a message says nothing.
    mutating func end() -> [StreamEvent] { [] }

    /// An event of the model's as it is in a chunk, or the service's exception in the shape of one of Anthropic's errors.
    private static func event(
        headers: [String: String], payload: ArraySlice<UInt8>
    ) throws(FramingError) -> StreamEvent? {
        let document = JSONValue.parse(Array(payload))
        switch headers[":message-type"] {
        case "event":
            guard headers[":event-type"] == "chunk" else { return nil }
            guard let bytes = document?["bytes"]?.string.flatMap({ Data(base64Encoded: $0) }) else {
                throw FramingError(words: "a chunk of the event stream has no bytes")
            }
            return StreamEvent(name: nil, data: String(decoding: bytes, as: UTF8.self))
        case "exception", "error":
            let kind = headers[":exception-type"] ?? headers[":error-code"] ?? "exception"
            let words = document.flatMap(ServiceMessage.words(in:)) ?? headers[":error-message"] ?? kind
            let error = JSONText.members([
                "type": "error", "error": .members(["type": .string(kind), "message": .string(words)]),
            ])
            return StreamEvent(name: "error", data: String(decoding: error.utf8, as: UTF8.self))
        default: return nil
        }
    }

    /// The headers whose values are strings.
    private static func headers(_ bytes: ArraySlice<UInt8>) throws(FramingError) -> [String: String] {
        var rest = bytes
        func take(_ count: Int) throws(FramingError) -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw FramingError(words: "a header of the event stream is cut off") }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        var headers: [String: String] = [:]
        while !rest.isEmpty {
            let name = String(decoding: try take(Int(number(take(1)))), as: UTF8.self)
            switch number(try take(1)) {
            case 0, 1: continue
            case 2: _ = try take(1)
            case 3: _ = try take(2)
            case 4: _ = try take(4)
            case 5, 8: _ = try take(8)
            case 6: _ = try take(Int(number(take(2))))
            case 7: headers[name] = String(decoding: try take(Int(number(take(2)))), as: UTF8.self)
            case 9: _ = try take(16)
            default: throw FramingError(words: "a header of the event stream has an unknown type")
            }
        }
        return headers
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    /// The CRC-32 of IEEE 802.3, as zlib and gzip use it.
    static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0 as UInt32) { crc, byte in crcs[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    }

    private static let crcs: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
    }
}
