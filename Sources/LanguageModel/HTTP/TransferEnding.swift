import CCurl

/// How a transfer ended, before it is known what that means.
enum TransferEnding {
    case finished(CURLcode)
    case limit(TransportError.Limit, seconds: Double)
    case cancelled

    /// The end of the answer, or what went wrong, by libcurl's codes and by what had arrived.
    func part(_ receiver: Receiver, _ timeouts: Timeouts, hadConnected: Bool, detail: String) -> HTTPPart {
        let reason: TransportError.Reason
        switch self {
        case .cancelled: reason = .cancelled
        case .limit(let limit, let seconds): reason = .timedOut(limit, seconds: seconds)
        case .finished(CURLE_OK) where receiver.isHeadComplete: return .end
        case .finished(CURLE_OK): reason = .cutOff
        case .finished where receiver.isTooLarge: reason = .tooLarge(limitBytes: receiver.limitBytes)
        case .finished(CURLE_OPERATION_TIMEDOUT):
            let isConnecting = !hadConnected && timeouts.connect < timeouts.total
            reason =
                isConnecting
                ? .timedOut(.connect, seconds: timeouts.connect) : .timedOut(.total, seconds: timeouts.total)
        // In TLS 1.3 a server says only after the handshake that it wants another certificate of the client.
        case .finished(CURLE_RECV_ERROR) where !receiver.hasBegun && detail.contains("alert"): reason = .tls
        case .finished(CURLE_RECV_ERROR) where !receiver.hasBegun && detail.contains("CONNECT"): reason = .proxy
        case .finished(let code): reason = Self.reason(of: code, hasBegun: receiver.hasBegun)
        }
        return .failed(TransportError(reason: reason, detail: detail.oneLine))
    }

    private static func reason(of code: CURLcode, hasBegun: Bool) -> TransportError.Reason {
        switch code {
        case CURLE_URL_MALFORMAT: .badURL
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unknownHost
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED:
            .badSetting
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            .tls
        // The address was checked before: this is an answer without a status line.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .notHTTP
        case CURLE_PARTIAL_FILE: .cutOff
        default: hasBegun ? .cutOff : .lost
        }
    }
}
