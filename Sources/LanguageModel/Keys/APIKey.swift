internal import Foundation

/// A key, and where it came from.
struct APIKey: Sendable {
    private let secret: Secret<String>
    /// Where it came from, as in "the key *in OPENAI_API_KEY*".
    let origin: String

    init(_ value: String, origin: String) throws(LanguageModelError) {
        // A line break would end the header and begin another one.
        guard !value.isEmpty, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw LanguageModelError(
                .badKey,
                value.isEmpty
                    ? "The key \(origin) is empty."
                    : "The key \(origin) holds a line break, a space, or a character that no key has.",
                help: "It has to be the key alone, without quotes, spaces or a line break within.")
        }
        secret = Secret(value)
        self.origin = origin
    }

    /// The first of the variables that is set.
    static func first(of variables: [String], in environment: [String: String]) throws(LanguageModelError) -> APIKey? {
        for variable in variables {
            if let value = environment.value(variable) { return try APIKey(value, origin: "in \(variable)") }
        }
        return nil
    }

    /// The content of a file, without white space at its ends.
    static func file(_ path: String) throws(LanguageModelError) -> APIKey {
        guard let handle = FileHandle(forReadingAtPath: path),
            // More is no key, and a device may be endless.
            let bytes = try? handle.read(upToCount: 64 << 10)
        else {
            throw LanguageModelError(
                .noKey, "The key's file \(path.oneLine) cannot be read.",
                help: "Check --api-key-file: the file has to exist and be readable.")
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return try APIKey(text, origin: "in the file \(path.oneLine)")
    }

    /// What goes into the header: visible ASCII characters alone.
    var value: String { secret.value }
}
