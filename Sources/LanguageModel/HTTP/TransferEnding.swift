import CCurl

/// How a transfer ended, before it is known what that means.
enum TransferEnding {
    case finished(CURLcode)
    case limit(TransportError.Limit)
    case cancelled

    /// The answer, or what went wrong, by libcurl's codes and by what had arrived.
    func result(
        _ receiver: Receiver, _ timeouts: Timeouts, hadConnected: Bool, detail: String
    ) -> Result<HTTPResponse, TransportError> {
        let reason: TransportError.Reason
        switch self {
        case .cancelled: reason = .cancelled
        case .limit(let limit): reason = .timedOut(limit, seconds: timeouts.seconds(of: limit))
        case .finished(CURLE_OK) where receiver.isHeadComplete: return .success(receiver.response)
        case .finished(CURLE_OK): reason = .cutOff
        case .finished where receiver.isTooLarge: reason = .tooLarge(limitBytes: receiver.limitBytes)
        case .finished(CURLE_OPERATION_TIMEDOUT):
            let isConnecting = !hadConnected && timeouts.connect < timeouts.total
            let limit: TransportError.Limit = isConnecting ? .connect : .total
            reason = .timedOut(limit, seconds: timeouts.seconds(of: limit))
        case .finished(let code): reason = Self.reason(of: code, hasBegun: receiver.response.status != 0)
        }
        return .failure(TransportError(reason: reason, detail: detail.oneLine))
    }

    private static func reason(of code: CURLcode, hasBegun: Bool) -> TransportError.Reason {
        switch code {
        case CURLE_URL_MALFORMAT: .badURL
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unknownHost
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
            .tls
        // The address was checked before: this is an answer without a status line.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .notHTTP
        case CURLE_PARTIAL_FILE: .cutOff
        default: hasBegun ? .cutOff : .lost
        }
    }
}

extension Timeouts {
    func seconds(of limit: TransportError.Limit) -> Double {
        switch limit {
        case .connect: connect
        case .firstByte: firstByte ?? total
        case .idle: idle
        case .total: total
        }
    }
}
