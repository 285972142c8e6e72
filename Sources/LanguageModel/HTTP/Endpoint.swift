import Foundation

/// Where requests of one provider go.
struct Endpoint: Sendable {
    private let base: URLComponents
    /// Its host, and its port where it names one: what a user knows the service by.
    let host: String

    /// - Parameter source: The option or variable that gave the base, for the errors.
    init(base: String, source: String) throws(LanguageModelError) {
        let parts = try Self.parse(base, source: source)
        guard let name = parts.encodedHost else {
            throw LanguageModelError(.badURL, "The address in \(source) is not a URL.", help: "Check \(source).")
        }
        self.base = parts
        host = parts.port.map { "\(name):\($0)" } ?? name
    }

    /// The complete address of a call: the base address and the call's path after it. A base that already ends in the
    /// path, or in a part of it, is taken as meant.
    func url(for target: CallTarget) -> String {
        var parts = base
        let steps = parts.percentEncodedPath.split(separator: "/").map(String.init)
        let call = target.path.split(separator: "/").map(String.init)
        let shared = (0...call.count).reversed().first { steps.suffix($0) == call.prefix($0) } ?? 0
        parts.percentEncodedPath = "/" + (steps + call.dropFirst(shared)).joined(separator: "/")
        parts.percentEncodedQuery = target.query
        return parts.string ?? ""
    }

    /// Whether the service runs on this machine, which a proxy of the network cannot reach.
    var isLoopback: Bool {
        let name = base.host?.lowercased() ?? ""
        return name == "localhost" || name.hasPrefix("127.") || name == "[::1]" || name == "::1"
    }

    /// The base's host name, in lower case, without its port.
    static func hostName(ofBase base: String) -> String {
        URLComponents(string: base)?.host?.lowercased() ?? ""
    }

    private static func parse(_ base: String, source: String) throws(LanguageModelError) -> URLComponents {
        func refuse(_ reason: String) -> LanguageModelError {
            LanguageModelError(
                .badURL, "The address in \(source) \(reason).",
                help: "Give \(source) as http://HOST:PORT/v1 or https://HOST/v1.")
        }
        guard base.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: base) else {
            throw refuse("is not a URL")
        }
        // The address itself is not quoted before it is known to hold no password.
        guard parts.user == nil, parts.password == nil else {
            throw refuse("holds a user name or a password, which belong into the environment")
        }
        guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
            throw refuse("does not begin with http:// or https://: \(base.oneLine)")
        }
        guard let host = parts.host, !host.isEmpty else { throw refuse("names no host: \(base.oneLine)") }
        guard parts.query == nil, parts.fragment == nil else {
            throw refuse(
                "has a part after ? or #, where a path is to follow: \(base.prefix { $0 != "?" && $0 != "#" })")
        }
        return parts
    }
}
