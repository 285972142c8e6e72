/// Takes keys out of texts that others wrote, before anyone sees them.
struct Redactor: Sendable {
    private let secrets: Secret<[String]>

    /// Knows every value of the environment whose variable is named like a secret.
    init(environment: [String: String], others: [String] = []) {
        let endings = ["_API_KEY", "_TOKEN", "_SECRET", "_ACCESS_KEY", "_PASSWORD", "_TOKEN_BEDROCK"]
        let values = environment.filter { name, _ in endings.contains { name.uppercased().hasSuffix($0) } }.values
        self.init(Array(values) + others)
    }

    private init(_ values: [String]) {
        // Anything shorter is a dummy such as "none", and would be taken out of common words; a key that another one
        // contains goes last.
        let keys = Set(values.filter { $0.utf8.count >= 8 })
        secrets = Secret(keys.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) })
    }

    /// One that knows this key too.
    func knowing(_ key: APIKey?) -> Redactor {
        guard let key, !secrets.value.contains(key.value) else { return self }
        return Redactor(secrets.value + [key.value])
    }

    func redact(_ text: String) -> String {
        secrets.value.reduce(text) { text, secret in
            guard text.contains(secret) else { return text }
            return text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "[key]")
        }
    }

    /// How many bytes at the text's end may be the beginning of a key.
    fileprivate func doubtfulEnd(of text: String) -> Int {
        let bytes = Array(text.utf8.suffix(secrets.value.first?.utf8.count ?? 0))
        return secrets.value.map { secret in
            let key = Array(secret.utf8)
            return (1..<max(key.count, 1)).last { bytes.count >= $0 && bytes.suffix($0) == key.prefix($0) } ?? 0
        }.max() ?? 0
    }
}

/// Redacts a text that comes in pieces: what may be the beginning of a key is held back until more is known.
struct StreamRedactor {
    let redactor: Redactor
    private var held = ""

    init(_ redactor: Redactor) { self.redactor = redactor }

    mutating func take(_ piece: String) -> String {
        let text = redactor.redact(held + piece)
        let doubtful = redactor.doubtfulEnd(of: text)
        // Keys are ASCII, so that no character is cut in two.
        let cut = text.utf8.index(text.endIndex, offsetBy: -doubtful)
        held = String(text[cut...])
        return String(text[..<cut])
    }

    mutating func end() -> String {
        defer { held = "" }
        return held
    }
}
