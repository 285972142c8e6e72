import Foundation

@testable import LanguageModel

/// Messages in Amazon's event-stream framing, as its documentation lays them out.
enum AWSFrames {
    static func message(_ headers: [(String, String)], _ payload: String) -> [UInt8] {
        let head = headers.flatMap { name, value in
            [UInt8(name.utf8.count)] + name.utf8 + [7] + big(UInt32(value.utf8.count)).suffix(2) + value.utf8
        }
        var message = big(UInt32(16 + head.count + payload.utf8.count)) + big(UInt32(head.count))
        message += big(AWSEventStreamParser.crc32(message[...]))
        message += head + payload.utf8
        return message + big(AWSEventStreamParser.crc32(message[...]))
    }

    /// An event of the model's, as Bedrock wraps it.
    static func chunk(_ event: String) -> [UInt8] {
        message(
            [(":event-type", "chunk"), (":content-type", "application/json"), (":message-type", "event")],
            #"{"bytes":"\#(Data(event.utf8).base64EncodedString())","p":"abcd"}"#)
    }

    static func exception(_ type: String, _ words: String) -> [UInt8] {
        message(
            [(":exception-type", type), (":content-type", "application/json"), (":message-type", "exception")],
            #"{"message":"\#(words)"}"#)
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
