import FoundationEssentials

/// The envelope of JSON-RPC 2.0, one message a line, as the calling side and the workers speak it.
///
/// The calling side has one request under way at a time and numbers its requests; a worker answers with the same number,
/// and may send notifications (`ProgressNotification`) before it answers. Unknown keys are ignored on both sides, so that
/// either may grow.
enum JSONRPC {
    static let version = "2.0"

    struct Request<Params: Codable & Sendable>: Codable, Sendable {
        var jsonrpc = JSONRPC.version
        var id: Int?
        var method: String
        var params: Params
    }

    /// What tells which request it is, before its parameters are read.
    struct Head: Codable, Sendable {
        var id: Int?
        var method: String?
    }

    struct Response<Result: Codable & Sendable>: Codable, Sendable {
        var jsonrpc = JSONRPC.version
        var id: Int?
        var result: Result?
        var error: RPCError?
    }

    static func encode(_ message: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        var line = [UInt8](try encoder.encode(message))
        line.append(UInt8(ascii: "\n"))
        return line
    }

    static func decode<Message: Decodable>(_ type: Message.Type, from line: [UInt8]) throws -> Message {
        try JSONDecoder().decode(type, from: Data(line))
    }
}

/// Why a worker could not do what was asked at all. What happens to a config is never an error but its outcome, in the result.
struct RPCError: Codable, Error, Equatable, CustomStringConvertible {
    var code: Int
    var message: String

    var description: String { message }

    static let parseErrorCode = -32700
    static let methodNotFoundCode = -32601
    static let invalidParamsCode = -32602
    static let internalErrorCode = -32603
    /// The reference could not be computed, so that nothing can be verified: an error of the whole run.
    static let referenceFailedCode = -32001
    /// The worker cannot serve this target: another language, a missing compiler or device.
    static let unsupportedCode = -32002

    /// A kernel that ran well before failed and took the device's state with it: the worker has to be replaced.
    static let contextLostCode = -32003

    /// What a worker keeps on the device is not what it was: another worker has to try the kernel again.
    static let stateDamagedCode = -32004

    static func stateDamaged(_ message: String) -> RPCError { RPCError(code: stateDamagedCode, message: message) }
    static func contextLost(_ message: String) -> RPCError { RPCError(code: contextLostCode, message: message) }
    static func unsupported(_ message: String) -> RPCError { RPCError(code: unsupportedCode, message: message) }
    static func referenceFailed(_ message: String) -> RPCError { RPCError(code: referenceFailedCode, message: message) }
    static func invalidParams(_ message: String) -> RPCError { RPCError(code: invalidParamsCode, message: message) }
    static func internalError(_ message: String) -> RPCError { RPCError(code: internalErrorCode, message: message) }
}
