extension HTTPLanguageModel {
    /// What a status that is not a success means, in the service's words and with what to do.
    func statusError(of response: HTTPResponse) -> LanguageModelError {
        let quotation = ServiceMessage.quotation(of: response, redactor: redactor)
        let (host, status) = (endpoint.host, response.status)
        switch status {
        case 401, 403:
            return LanguageModelError(
                .unauthorized, "\(host) refused the request's key (HTTP \(status))\(quotation).", help: keyHelp)
        case 404:
            return LanguageModelError(
                .notFound, "\(endpoint.url) knows no such model or address (HTTP 404)\(quotation).",
                help: "Check --model (\"\(format.model.oneLine)\") and --base-url, which usually ends in /v1.")
        case 429: return rateLimit(response, quotation)
        case 408:
            return LanguageModelError(
                .timeout, "\(host) gave up waiting (HTTP 408)\(quotation).", help: "Try again.")
        case 413:
            return LanguageModelError(
                .badRequest, "\(host) finds the request too large (HTTP 413)\(quotation).",
                help: "Shorten the kernel's source, or use a service with a larger limit.")
        case 300..<400:
            let target = response.header("Location").map { " to \(redactor.redact($0).oneLine)" } ?? ""
            return LanguageModelError(
                .redirected, "\(endpoint.url) redirects\(target) (HTTP \(status)); redirects are not followed.",
                help: "Give the final address as --base-url, if you trust it with your key.")
        case 500...:
            return LanguageModelError(
                .server, "\(host) failed (HTTP \(status))\(quotation).", help: "Try again later\(after(response)).",
                retryAfterSeconds: retryAfterSeconds(response))
        default:
            return LanguageModelError(
                .badRequest, "\(host) refused the request (HTTP \(status))\(quotation).",
                help: "Check --model (\"\(format.model.oneLine)\"), --max-output-tokens and --provider.")
        }
    }

    private var keyHelp: String {
        if let key = endpoint.key { return "Check the key in \(key.variable), and that it may use this model." }
        return "No key was sent: set \(endpoint.keyVariable)."
    }

    private func rateLimit(_ response: HTTPResponse, _ quotation: String) -> LanguageModelError {
        LanguageModelError(
            .rateLimited, "\(endpoint.host) takes no more requests for now (HTTP 429)\(quotation).",
            help: "Try again\(after(response)); if a quota is used up, see the account's billing.",
            retryAfterSeconds: retryAfterSeconds(response))
    }

    /// What the service says of when to come back: seconds, or a date.
    private func after(_ response: HTTPResponse) -> String {
        if let seconds = retryAfterSeconds(response) { return " in \(seconds.plain) s" }
        guard let date = response.header("Retry-After"), !date.isEmpty else { return "" }
        return " after \(redactor.redact(date).quoted(atMost: 40))"
    }

    private func retryAfterSeconds(_ response: HTTPResponse) -> Double? {
        guard let seconds = response.header("Retry-After").flatMap(Double.init), seconds.isFinite, seconds >= 0 else {
            return nil
        }
        return seconds
    }
}
