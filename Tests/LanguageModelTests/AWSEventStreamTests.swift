import Testing

@testable import LanguageModel

@Suite("Amazon's event stream") struct AWSEventStreamTests {
    @Test("the checksum is that of the standard's test")
    func crc() {
        #expect(AWSEventStreamParser.crc32(Array("123456789".utf8)[...]) == 0xCBF4_3926)
    }

    @Test("messages are found wherever the stream is cut")
    func cuts() throws {
        let bytes =
            AWSFrames.chunk(#"{"ä":1}"#) + AWSFrames.message([(":message-type", "event")], "") + AWSFrames.chunk("{}")
        for cut in 0...bytes.count {
            var parser = AWSEventStreamParser()
            let events = try parser.take(Array(bytes[..<cut])) + parser.take(Array(bytes[cut...]))
            #expect(events.map(\.data) == [#"{"ä":1}"#, "{}"])
        }
    }

    @Test("an exception becomes an error of Anthropic's shape")
    func exception() throws {
        var parser = AWSEventStreamParser()
        let events = try parser.take(AWSFrames.exception("throttlingException", "slow down"))
        #expect(
            events.map(\.data)
                == [#"{"type":"error","error":{"type":"throttlingException","message":"slow down"}}"#])
    }

    @Test("a byte that is wrong anywhere is noticed")
    func damaged() {
        let bytes = AWSFrames.chunk(#"{"a":1}"#)
        for index in bytes.indices {
            var broken = bytes
            broken[index] ^= 0x10
            var parser = AWSEventStreamParser()
            // A length that grew is only noticed by what the head's checksum says.
            #expect(throws: FramingError.self) { try parser.take(broken) }
        }
    }

    @Test("headers of every type are stepped over")
    func headerTypes() throws {
        var message = AWSFrames.chunk("{}")
        // One of each type, before those of the chunk.
        let extra: [UInt8] =
            [1, 97, 0] + [1, 98, 1] + [1, 99, 2, 9] + [1, 100, 3, 0, 9] + [1, 101, 4, 0, 0, 0, 9]
            + [1, 102, 5] + [UInt8](repeating: 0, count: 8) + [1, 103, 6, 0, 2, 1, 2]
            + [1, 104, 8] + [UInt8](repeating: 0, count: 8) + [1, 105, 9] + [UInt8](repeating: 0, count: 16)
        func big(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        let headers = UInt32(message[4]) << 24 | UInt32(message[5]) << 16 | UInt32(message[6]) << 8 | UInt32(message[7])
        let body = extra + message[12..<message.count - 4]
        message = big(UInt32(16 + body.count)) + big(headers + UInt32(extra.count))
        message += big(AWSEventStreamParser.crc32(message[...])) + body
        message += big(AWSEventStreamParser.crc32(message[...]))
        var parser = AWSEventStreamParser()
        #expect(try parser.take(message).map(\.data) == ["{}"])
    }
}
