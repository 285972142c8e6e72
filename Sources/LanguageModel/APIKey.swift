/// A key as the environment held it.
struct APIKey: Sendable {
    private let secret: Secret<String>
    /// The environment variable that held it.
    let variable: String

    init(_ value: String, variable: String) throws(LanguageModelError) {
        // A line break would end the header and begin another one.
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw LanguageModelError(
                .badKey, "The key in \(variable) holds a line break, a space, or a character that no key has.",
                help: "Set \(variable) to the key alone, without quotes, spaces or a line break at its end.")
        }
        secret = Secret(value)
        self.variable = variable
    }

    /// The first of the variables that is set.
    static func first(of variables: [String], in environment: [String: String]) throws(LanguageModelError) -> APIKey? {
        for variable in variables {
            if let value = environment.value(variable) { return try APIKey(value, variable: variable) }
        }
        return nil
    }

    /// What goes into the header: visible ASCII characters alone.
    var value: String { secret.value }
}
