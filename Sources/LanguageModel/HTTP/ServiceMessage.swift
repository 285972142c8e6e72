/// What an answer that brings no reply says in its own words: a JSON error's message, a page's title, or its start.
enum ServiceMessage {
    /// The words in quotes and after a colon, or nothing where there are none.
    static func quotation(of response: HTTPResponse, redactor: Redactor) -> String {
        // Redacted before it is shortened, which could leave half a key.
        let words = JSONValue.parse(response.body).flatMap(words(in:)).map(redactor.redact)
        let line = (words ?? plainWords(in: response, redactor)).oneLine
        return line.isEmpty ? "" : ": \"\(line)\""
    }

    /// The message in any of the shapes that services and gateways use.
    static func words(in answer: JSONValue) -> String? {
        if let string = answer.string { return string }
        if let first = answer.array?.first { return words(in: first) }
        for key in ["error", "message", "detail", "errors", "msg"] {
            if let inner = answer[key], let words = words(in: inner) { return words }
        }
        return nil
    }

    static func isPage(_ response: HTTPResponse) -> Bool {
        let type = response.header("Content-Type")?.lowercased() ?? ""
        let start = String(decoding: response.body.prefix(200), as: UTF8.self).lowercased()
        return type.hasPrefix("text/html") || start.contains("<html") || start.contains("<!doctype html")
    }

    private static func plainWords(in response: HTTPResponse, _ redactor: Redactor) -> String {
        let text = redactor.redact(String(decoding: response.body, as: UTF8.self))
        guard isPage(response) else { return text }
        guard let title = text.prefix(4096).firstMatch(of: /<title[^>]*>(?<words>[^<]*)/.ignoresCase()) else {
            return ""
        }
        return String(title.output.words)
    }
}
