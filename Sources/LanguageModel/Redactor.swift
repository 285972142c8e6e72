/// Takes keys out of texts that others wrote, before anyone sees them.
struct Redactor: Sendable {
    private let secrets: Secret<[String]>

    /// Knows every value of the environment whose variable is named like a secret.
    init(environment: [String: String]) {
        let endings = ["_API_KEY", "_TOKEN", "_SECRET", "_ACCESS_KEY", "_PASSWORD"]
        let values = environment.filter { name, value in
            // Anything shorter is a dummy such as "none", and would be taken out of common words.
            value.utf8.count >= 8 && endings.contains { name.uppercased().hasSuffix($0) }
        }.values
        // A key that another one contains goes last.
        secrets = Secret(values.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) })
    }

    func redact(_ text: String) -> String {
        secrets.value.reduce(text) { text, secret in
            guard text.contains(secret) else { return text }
            return text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "[key]")
        }
    }

    func redact(_ reply: Reply) -> Reply {
        var reply = reply
        reply.text = redact(reply.text)
        reply.model = redact(reply.model)
        reply.notes = reply.notes.map(redact)
        return reply
    }
}
