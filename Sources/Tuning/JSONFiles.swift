public import Foundation

/// How the session's files are written: snake_case keys, sorted, so that they compare and diff well.
///
/// The names of parameters are dictionary keys, which the key strategy leaves as they are.
public enum JSONFiles {
    /// One document for a person to read.
    public static var documentEncoder: JSONEncoder {
        let encoder = lineEncoder
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    /// A document as a file holds it and standard output shows it, with a line break at its end.
    public static func document(_ value: some Encodable) throws -> Data {
        try documentEncoder.encode(value) + [UInt8(ascii: "\n")]
    }

    static var lineEncoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    public static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }
}
