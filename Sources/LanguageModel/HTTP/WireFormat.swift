import Foundation

/// What one provider's API looks like on the wire: how a conversation is asked, and how the answer reads.
///
/// A conforming type knows no addresses, keys, retries or time limits.
protocol WireFormat: Sendable {
    /// The model that is asked.
    var model: String { get }
    /// The call's path below the base address.
    var path: String { get }
    /// The headers beyond the content's type: the key, and what the API asks for.
    func headers(key: APIKey?) -> [HTTPHeader]
    /// The request's body.
    func body(for messages: [Message]) throws -> Data
    /// What an answer with a successful status says; nil where it has not the API's shape.
    func read(_ answer: JSONValue) -> Answer?
}

/// What a service answered, in the words of no API.
struct Answer {
    enum Ending: Equatable {
        case complete
        /// Stopped at the length limit.
        case lengthLimit
        /// The model, or a filter around it, declined; with its words where there are any.
        case refused(String?)
        /// The service gave up half-way, with its words.
        case failed(String)
    }

    var text: String
    var model: String?
    var ending: Ending
    var usage: Usage?
}

extension WireFormat {
    /// Encodes a body with snake-case keys, and always in the same way, so that equal requests are equal bytes.
    func encode(_ body: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(body)
    }

    /// The header that most APIs take the key by.
    func bearer(_ key: APIKey?) -> [HTTPHeader] {
        key.map { [HTTPHeader(name: "Authorization", value: "Bearer \($0.value)")] } ?? []
    }
}
