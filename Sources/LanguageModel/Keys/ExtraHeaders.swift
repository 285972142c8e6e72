internal import Foundation

/// Headers that the user wants with every request, such as those of a gateway.
struct ExtraHeaders: Sendable {
    private let secret: Secret<[HTTPHeader]>
    /// Values that came from the environment or a file, and are not to be shown.
    let secrets: Secret<[String]>

    var headers: [HTTPHeader] { secret.value }

    /// Whether one of them is of those that keys travel under.
    var haveKey: Bool { headers.contains { Self.keyNames.contains($0.name.lowercased()) } }

    /// Names under which keys travel; as an argument of the program everyone on the machine could read them.
    private static let keyNames = [
        "authorization", "proxy-authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie",
    ]

    /// Reads `NAME: VALUE`, `NAME: env:VARIABLE` and `NAME: file:PATH`.
    init(_ lines: [String], environment: [String: String]) throws(LanguageModelError) {
        var headers: [HTTPHeader] = []
        var secrets: [String] = []
        for line in lines {
            let name = line.prefix { $0 != ":" }
            let text = line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
            guard !name.isEmpty, line.contains(":"), name.utf8.allSatisfy(Self.isToken) else {
                throw Self.refusal(
                    "\"\(name.quoted(atMost: 40))\" cannot be a header's name.",
                    help: "Give --header \"NAME: VALUE\", \"NAME: env:VARIABLE\" or \"NAME: file:PATH\".")
            }
            let value: String
            if text.hasPrefix("env:") {
                let variable = String(text.dropFirst(4))
                guard let found = environment.value(variable) else {
                    throw Self.refusal(
                        "The variable \(variable.oneLine) is not set.", help: "Set it, or correct --header \(name).")
                }
                value = found.trimmingCharacters(in: .whitespacesAndNewlines)
                secrets.append(value)
            } else if text.hasPrefix("file:") {
                let path = String(text.dropFirst(5))
                guard let bytes = try? FileHandle(forReadingAtPath: path)?.read(upToCount: 64 << 10) else {
                    throw Self.refusal("The file \(path.oneLine) cannot be read.", help: "Check --header \(name).")
                }
                value = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
                secrets.append(value)
            } else {
                guard !Self.keyNames.contains(name.lowercased()) else {
                    throw Self.refusal(
                        "A key on the command line can be read by everyone on the machine.",
                        help: "Give --header \"\(name): env:VARIABLE\" or \"\(name): file:PATH\".")
                }
                value = text
            }
            guard value.utf8.allSatisfy({ $0 == 0x09 || (0x20...0x7E).contains($0) }) else {
                throw Self.refusal(
                    "The value holds a line break or a character that no header has.", help: "Correct --header \(name)."
                )
            }
            headers.append(HTTPHeader(name: String(name), value: value))
            // The key alone, where a scheme such as Bearer stands before it.
            if let last = secrets.last?.split(separator: " ").last { secrets.append(String(last)) }
        }
        secret = Secret(headers)
        self.secrets = Secret(secrets)
    }

    private static func refusal(_ what: String, help: String) -> LanguageModelError {
        LanguageModelError(.badOptions, "--header cannot be used: \(what)", help: help)
    }

    /// The characters of a token, by RFC 9110.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
