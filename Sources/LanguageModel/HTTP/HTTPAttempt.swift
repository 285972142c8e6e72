/// One request to a service, and its answer.
struct HTTPAttempt {
    let model: HTTPLanguageModel
    let call: ModelCall
    /// Whether some of the reply's text has been told.
    private(set) var hasToldText = false

    init(model: HTTPLanguageModel, call: ModelCall) {
        self.model = model
        self.call = call
    }

    private var host: String { model.endpoint.host }

    mutating func run(onEvent: @Sendable (ModelEvent) async -> Void) async throws(AttemptFailure) -> Reply {
        guard !Task.isCancelled else { throw AttemptFailure(cancelled) }
        let (request, key) = try await request()
        let redactor = model.redactor.knowing(key)
        let errors = AnswerErrors(model: model, url: request.url, key: key, redactor: redactor)
        var text = StreamRedactor(redactor)
        var told = ""
        var reader: AnswerReader?
        var head = HTTPHead()
        var refusedBody: [UInt8] = []
        var isPatient = false

        let exchange = model.transport.post(request)
        // A stream that has told its end need not have ended.
        defer { exchange.cancel() }
        var hasEnded = false
        answer: for await part in exchange.parts {
            switch part {
            case .head(let received):
                head = received
                if (200..<300).contains(head.status) { reader = AnswerReader(model.format, head: head) }
            case .body(let bytes):
                guard reader != nil else {
                    refusedBody += bytes
                    continue
                }
                do { try reader?.take(bytes) } catch { throw errors.failure(of: error, usage: reader?.answer.usage) }
                let news = text.take(reader?.takeNews() ?? "")
                if !news.isEmpty {
                    if isPatient { exchange.allowSilence(model.timeouts.idle) }
                    isPatient = false
                    (hasToldText, told) = (true, told + news)
                    await onEvent(.text(news))
                } else if !isPatient, !hasToldText, reader?.isStream == true {
                    // A model that has begun a stream may think before its first word.
                    isPatient = true
                    exchange.allowSilence(model.timeouts.thinking)
                }
                if reader?.answer.isOver == true {
                    hasEnded = true
                    break answer
                }
            case .end: hasEnded = true
            case .failed(let error): throw errors.failure(of: error, usage: reader?.answer.usage)
            }
        }
        guard hasEnded else { throw AttemptFailure(cancelled) }
        guard var reader else {
            throw errors.refused(HTTPResponse(head: head, body: refusedBody), now: model.clock.now())
        }
        do { try reader.end() } catch { throw errors.failure(of: error, usage: reader.answer.usage) }
        var answer =
            reader.isStream ? reader.answer : try errors.document(HTTPResponse(head: head, body: reader.document))
        let rest = text.take(answer.takeNews()) + text.end()
        if !rest.isEmpty {
            (hasToldText, told) = (true, told + rest)
            await onEvent(.text(rest))
        }
        let reply = try errors.reply(of: answer, text: told)
        for note in reply.notes { await onEvent(.note(note)) }
        return reply
    }

    private var cancelled: LanguageModelError {
        LanguageModelError(.cancelled, "The request to \(host) was cancelled.", help: "")
    }

    /// The request, and the key that it was made with.
    private func request() async throws(AttemptFailure) -> (HTTPRequest, APIKey?) {
        let url = model.endpoint.url(for: model.format.target(streams: call.streams))
        let body = model.format.body(call).utf8
        let type = HTTPHeader(name: "Content-Type", value: "application/json")
        var key: APIKey?
        var headers = [type]
        do {
            switch model.authorization {
            case .key(let provider):
                key = try await provider.key()
                headers += model.format.headers(key: key)
            case .amazon(let signature):
                headers += model.format.headers(key: nil)
                headers += try signature.headers(url: url, headers: [type], body: body, date: model.clock.now())
            }
        } catch {
            throw AttemptFailure(error)
        }
        // A header of the user's takes the place of ours.
        let own = Set(model.extraHeaders.headers.map { $0.name.lowercased() })
        headers = headers.filter { !own.contains($0.name.lowercased()) } + model.extraHeaders.headers
        return (HTTPRequest(url: url, headers: headers, body: body, bypassesProxy: model.endpoint.isLoopback), key)
    }
}

/// Why a request brought no reply, with what helps to decide on the next one.
struct AttemptFailure: Error {
    var error: LanguageModelError
    /// Where the service refused the request as it was.
    var refusal: Refusal?
    /// The tokens that were counted until then.
    var usage: Usage?

    init(_ error: LanguageModelError, refusal: Refusal? = nil, usage: Usage? = nil) {
        self.error = error
        self.refusal = refusal
        self.usage = usage
    }
}
