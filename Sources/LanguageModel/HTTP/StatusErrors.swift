internal import Foundation

/// What statuses mean that are no success.
enum StatusErrors {
    /// Whether the same request may succeed later.
    static func isTransient(_ status: Int) -> Bool {
        // 529 is Anthropic's word for being overloaded.
        [408, 409, 425, 429].contains(status) || (500..<600).contains(status)
    }
}

extension AnswerErrors {
    /// What a status that is not a success means, in the service's words and with what to do.
    func refused(_ response: HTTPResponse, now: Date) -> AttemptFailure {
        AttemptFailure(error(for: response, now: now), refusal: Refusal(response))
    }

    private func error(for response: HTTPResponse, now: Date) -> LanguageModelError {
        let quotation = ServiceMessage.quotation(of: response, redactor: redactor)
        let status = response.status
        let seconds = RetryAfter.seconds(response.head, now: now)
        let after = seconds.map { " in \($0.rounded(.up).plain) s" } ?? ""
        switch status {
        case 401, 403:
            return LanguageModelError(
                .unauthorized, "\(host) refused the request's key (HTTP \(status))\(quotation).", help: keyHelp)
        case 404:
            return LanguageModelError(
                .notFound, "\(url) knows no such model or address (HTTP 404)\(quotation).",
                help: "Check --model (\"\(model.format.model.oneLine)\") and --base-url, which usually ends in /v1.")
        case 407:
            return LanguageModelError(
                .unauthorized, "The proxy in front of \(host) refused the request (HTTP 407)\(quotation).",
                help: "Put the proxy's user and password into https_proxy or http_proxy.")
        case 429:
            return LanguageModelError(
                .rateLimited, "\(host) takes no more requests for now (HTTP 429)\(quotation).",
                help: "Try again\(after); if a quota is used up, see the account's billing.",
                retryAfterSeconds: seconds, isTransient: !isQuotaUsedUp(response))
        case 408, 409, 425, 500...:
            return LanguageModelError(
                status == 408 ? .timeout : .server,
                status == 408
                    ? "\(host) gave up waiting (HTTP 408)\(quotation)."
                    : "\(host) failed (HTTP \(status))\(quotation).",
                help: "Try again later\(after).", retryAfterSeconds: seconds,
                isTransient: StatusErrors.isTransient(status))
        case 413:
            return LanguageModelError(
                .badRequest, "\(host) finds the request too large (HTTP 413)\(quotation).",
                help: "Shorten the kernel's source, or use a service with a larger limit.")
        case 300..<400:
            let target = response.header("Location").map { " to \(redactor.redact($0).oneLine)" } ?? ""
            return LanguageModelError(
                .redirected, "\(url) redirects\(target) (HTTP \(status)); redirects are not followed.",
                help: "Give the final address as --base-url, if you trust it with your key.")
        default:
            return LanguageModelError(
                .badRequest, "\(host) refused the request (HTTP \(status))\(quotation).",
                help: "Check --model (\"\(model.format.model.oneLine)\"), --max-output-tokens and --provider.")
        }
    }

    private var keyHelp: String {
        if let key { return "Check the key \(key.origin), and that it may use this model." }
        if case .amazon = model.authorization {
            return "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the region in AWS_REGION, "
                + "and that the account may use this model."
        }
        return "No key was sent: set \(model.keyVariable), or give --api-key-file or --api-key-command."
    }

    /// OpenAI answers 429 too where an account has no money left, which no waiting changes.
    private func isQuotaUsedUp(_ response: HTTPResponse) -> Bool {
        let error = JSONValue.parse(response.body)?["error"]
        return [error?["code"]?.string, error?["type"]?.string].contains("insufficient_quota")
    }
}
