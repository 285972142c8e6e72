extension TransportError {
    /// The error as a user can act on it.
    func explained(at url: String, host: String, _ redactor: Redactor) -> LanguageModelError {
        let words = redactor.redact(detail).oneLine
        let because = words.isEmpty ? "" : ": \(words)"
        switch reason {
        case .badURL:
            return LanguageModelError(.badURL, "\(url) cannot be used as a URL\(because).", help: "Check --base-url.")
        case .unknownHost:
            return LanguageModelError(
                .unknownHost, "The host of \(url) is not known\(because).",
                help: "Check --base-url, the network, and the proxy settings of the environment.", isTransient: true)
        case .refused:
            return LanguageModelError(
                .connectionRefused, "Nothing answers at \(url)\(because).",
                help: "Start the server, or check --base-url and the network.", isTransient: true)
        case .proxy:
            return LanguageModelError(
                .unauthorized, "The proxy in front of \(host) refused the connection\(because).",
                help: "Check https_proxy, and the user and password in it.")
        case .tls:
            return LanguageModelError(
                .tls, "No secure connection to \(host)\(because).",
                help:
                    "If the server speaks plain HTTP, give --base-url with http://; if it has a certificate of its own, "
                    + "name its authority's file in SSL_CERT_FILE; if it wants one of yours, give --client-cert.")
        case .lost:
            return LanguageModelError(
                .connectionLost, "The connection to \(host) broke before an answer came\(because).",
                help: "Try again; if it stays, check the server's log.", isTransient: true)
        case .cutOff:
            return LanguageModelError(
                .truncatedReply, "The answer of \(url) was cut off\(because).",
                help: "Try again; if it stays, look for a proxy that cuts answers off.", isTransient: true)
        case .badSetting:
            return LanguageModelError(
                .badOptions, "The connection to \(host) cannot be set up\(because).",
                help: "Check --client-cert and --client-key, SSL_CERT_FILE and CURL_CA_BUNDLE.")
        case .notHTTP:
            return LanguageModelError(
                .malformedReply, "What answers at \(url) does not speak HTTP as it should\(because).",
                help: "Check --base-url: its port, and http:// or https://.")
        case .cancelled:
            return LanguageModelError(.cancelled, "The request to \(host) was cancelled.", help: "")
        case .tooLarge(let limitBytes):
            return LanguageModelError(
                .replyTooLarge, "The answer of \(url) has more than \(limitBytes >> 20) MB.",
                help: "Check --base-url: a model's reply has some kilobytes.")
        case .timedOut(let limit, let seconds):
            return LanguageModelError(
                .timeout, "\(host) took longer than \(seconds.plain) s \(limit.rawValue).",
                help: "Try again, raise this time limit, or use a faster model.",
                // After the limit for all of it, the user has waited long enough.
                isTransient: limit != .total)
        }
    }
}
