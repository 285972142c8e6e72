/// A model behind an HTTP API: one wire format, one endpoint, one transport.
struct HTTPLanguageModel: LanguageModel {
    let name: String
    let format: any WireFormat
    let endpoint: Endpoint
    let transport: any HTTPTransport
    let redactor: Redactor

    func reply(
        to request: ModelRequest, onEvent: @Sendable (ModelEvent) async -> Void
    ) async throws(LanguageModelError) -> Reply {
        let reply = try await wholeReply(to: request.messages)
        await onEvent(.text(reply.text))
        for note in reply.notes { await onEvent(.note(note)) }
        return reply
    }

    private func wholeReply(to messages: [Message]) async throws(LanguageModelError) -> Reply {
        let request = try request(for: messages)
        let response: HTTPResponse
        do {
            response = try await transport.post(request)
        } catch {
            throw error.explained(at: endpoint, redactor)
        }
        guard (200..<300).contains(response.status) else { throw statusError(of: response) }
        return redactor.redact(try reply(in: response))
    }

    private func request(for messages: [Message]) throws(LanguageModelError) -> HTTPRequest {
        do {
            let headers = [
                HTTPHeader(name: "Content-Type", value: "application/json"),
                HTTPHeader(name: "Accept", value: "application/json"),
            ]
            return HTTPRequest(
                url: endpoint.url, headers: headers + format.headers(key: endpoint.key),
                body: [UInt8](try format.body(for: messages)), bypassesProxy: endpoint.isLoopback)
        } catch {
            throw LanguageModelError(
                .badRequest, "The prompt cannot be written as JSON: \(error).", help: "Check the prompt's templates.")
        }
    }

    private func reply(in response: HTTPResponse) throws(LanguageModelError) -> Reply {
        guard let document = JSONValue.parse(response.body) else { throw unreadable(response) }
        guard let answer = format.read(document) else {
            let quotation = ServiceMessage.quotation(of: response, redactor: redactor)
            if document["error"] != nil {
                throw LanguageModelError(
                    .server, "\(endpoint.host) answered with an error instead of a reply\(quotation).",
                    help: "Try again later, or with another --model.")
            }
            throw LanguageModelError(
                .malformedReply, "The answer of \(endpoint.url) is JSON, but not of the API's shape\(quotation).",
                help: "Check --base-url, and --provider (openai, chat or anthropic): is it this API that answers there?"
            )
        }
        return try checked(answer)
    }

    private func checked(_ answer: Answer) throws(LanguageModelError) -> Reply {
        let isBlank = answer.text.allSatisfy(\.isWhitespace)
        var reply = Reply(text: answer.text, model: answer.model ?? format.model, usage: answer.usage)
        switch answer.ending {
        case .complete: break
        case .lengthLimit where isBlank:
            let spent = answer.usage?.outputTokens.map { " (\($0) tokens)" } ?? ""
            throw LanguageModelError(
                .truncatedReply, "\(name) reached its length limit\(spent) before the first word of its reply.",
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
                .refusal, "\(name) declined to answer\(reason).", help: "Reword the prompt, or use another --model.")
        case .failed(let words):
            throw LanguageModelError(
                .server, "\(endpoint.host) gave up while answering: \"\(redactor.redact(words).oneLine)\".",
                help: "Try again later, or with another --model.")
        }
        guard !isBlank else {
            throw LanguageModelError(
                .emptyReply, "\(name) answered without any text.", help: "Try again, or use another --model.")
        }
        return reply
    }

    /// An answer that is not JSON: a page of something in between, a body that was cut off, or another kind of server.
    private func unreadable(_ response: HTTPResponse) -> LanguageModelError {
        let quotation = ServiceMessage.quotation(of: response, redactor: redactor)
        guard let first = response.body.first(where: { !Self.isSpace($0) }) else {
            return LanguageModelError(
                .emptyReply, "\(endpoint.url) answered with nothing (HTTP \(response.status), no body).",
                help: "Check --base-url; otherwise try again.")
        }
        if ServiceMessage.isPage(response) {
            return LanguageModelError(
                .malformedReply, "\(endpoint.url) answered with an HTML page\(quotation).",
                help:
                    "Check --base-url (it usually ends in /v1), and whether a proxy or a login page stands in between.")
        }
        if first == UInt8(ascii: "{"), response.body.last(where: { !Self.isSpace($0) }) != UInt8(ascii: "}") {
            return LanguageModelError(
                .truncatedReply,
                "The answer of \(endpoint.url) ends in the middle, after \(response.body.count) bytes.",
                help: "Try again; if it stays, look for a proxy that cuts answers off.")
        }
        return LanguageModelError(
            .malformedReply, "The answer of \(endpoint.url) is not JSON\(quotation).",
            help: "Check --base-url (it usually ends in /v1).")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
