/// Turns what came in the place of a reply into errors that a user can act on.
struct AnswerErrors {
    let model: HTTPLanguageModel
    let url: String
    /// The key that was sent.
    let key: APIKey?
    let redactor: Redactor

    var host: String { model.endpoint.host }

    /// The reply in an answer that ended; its text is what was told of it, without keys.
    func reply(of answer: Answer, text: String) throws(AttemptFailure) -> Reply {
        do throws(LanguageModelError) {
            var reply = try checked(answer, text: text)
            reply.model = redactor.redact(reply.model)
            return reply
        } catch {
            throw AttemptFailure(error, usage: answer.usage)
        }
    }

    private func checked(_ answer: Answer, text: String) throws(LanguageModelError) -> Reply {
        let isBlank = text.allSatisfy(\.isWhitespace)
        var reply = Reply(text: text, model: answer.model ?? model.format.model, usage: answer.usage)
        switch answer.ending {
        case .complete: break
        case .unfinished:
            throw LanguageModelError(
                .truncatedReply, "The answer of \(url) ended before the reply was complete.",
                help: "Try again; if it stays, look for a proxy that cuts answers off.", isTransient: true)
        case .lengthLimit where isBlank:
            let spent = answer.usage?.outputTokens.map { " (\($0) tokens)" } ?? ""
            throw LanguageModelError(
                .truncatedReply, "\(model.name) reached its length limit\(spent) before the first word of its reply.",
                help: "Raise --max-output-tokens: a model that reasons spends of it before it writes.")
        case .lengthLimit: reply.isTruncated = true
        case .refused(let words):
            guard isBlank || words != nil else {
                reply.notes.append("A content filter of the service cut the reply off.")
                reply.isTruncated = true
                break
            }
            let reason = words.map { ": \"\(redactor.redact($0).oneLine)\"" } ?? ""
            throw LanguageModelError(
                .refusal, "\(model.name) declined to answer\(reason).",
                help: "Reword the prompt, or use another --model.")
        case .failed(let code, let words):
            throw LanguageModelError(
                .server, "\(host) gave up while answering: \"\(redactor.redact(words).oneLine)\".",
                help: "Try again later, or with another --model.", isTransient: Self.isTransient(code))
        }
        guard !isBlank else {
            throw LanguageModelError(
                .emptyReply, "\(model.name) answered without any text.", help: "Try again, or use another --model.")
        }
        return reply
    }

    /// The answer in a document.
    func document(_ response: HTTPResponse) throws(AttemptFailure) -> Answer {
        guard let document = JSONValue.parse(response.body) else { throw AttemptFailure(unreadable(response)) }
        if let answer = model.format.read(document) { return answer }
        let quotation = ServiceMessage.quotation(of: response, redactor: redactor)
        if let error = document["error"] {
            let code = error["code"]?.words ?? error["type"]?.string ?? error["status"]?.string
            throw AttemptFailure(
                LanguageModelError(
                    .server, "\(host) answered with an error instead of a reply\(quotation).",
                    help: "Try again later, or with another --model.",
                    isTransient: code != nil && Self.isTransient(code)))
        }
        throw AttemptFailure(
            LanguageModelError(
                .malformedReply, "The answer of \(url) is JSON, but not of the API's shape\(quotation).",
                help: "Check --base-url, and --provider: is it this API that answers there?"))
    }

    func failure(of error: AnswerReader.Fault, usage: Usage?) -> AttemptFailure {
        let what =
            switch error {
            case .framing(let words): words
            case .unreadableEvent(let text): "an event of the stream is not JSON: \"\(redactor.redact(text).oneLine)\""
            }
        return AttemptFailure(
            LanguageModelError(
                .malformedReply, "The answer of \(url) cannot be read: \(what).",
                help: "Try again; if it stays, look for a proxy that changes answers, or check --provider."),
            usage: usage)
    }

    func failure(of error: TransportError, usage: Usage?) -> AttemptFailure {
        AttemptFailure(error.explained(at: url, host: host, redactor), usage: usage)
    }

    /// An answer that is not JSON: a page of something in between, a body that was cut off, or another kind of server.
    private func unreadable(_ response: HTTPResponse) -> LanguageModelError {
        let quotation = ServiceMessage.quotation(of: response, redactor: redactor)
        guard let first = response.body.first(where: { !Self.isSpace($0) }) else {
            return LanguageModelError(
                .emptyReply, "\(url) answered with nothing (HTTP \(response.status), no body).",
                help: "Check --base-url; otherwise try again.")
        }
        if ServiceMessage.isPage(response) {
            return LanguageModelError(
                .malformedReply, "\(url) answered with an HTML page\(quotation).",
                help:
                    "Check --base-url (it usually ends in /v1), and whether a proxy or a login page stands in between.")
        }
        if first == UInt8(ascii: "{"), response.body.last(where: { !Self.isSpace($0) }) != UInt8(ascii: "}") {
            return LanguageModelError(
                .truncatedReply, "The answer of \(url) ends in the middle, after \(response.body.count) bytes.",
                help: "Try again; if it stays, look for a proxy that cuts answers off.", isTransient: true)
        }
        return LanguageModelError(
            .malformedReply, "The answer of \(url) is not JSON\(quotation).",
            help: "Check --base-url (it usually ends in /v1).")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    /// Whether a service that gave up after it had begun may succeed another time, by its code for why.
    private static func isTransient(_ code: String?) -> Bool {
        guard let code = code?.lowercased() else { return true }
        if let status = Int(code) { return StatusErrors.isTransient(status) }
        let lasting = [
            "invalid", "authentication", "permission", "not_found", "billing", "insufficient_quota", "validation",
            "content", "policy", "too_large", "context_length", "malformed",
        ]
        return !lasting.contains { code.contains($0) }
    }
}
