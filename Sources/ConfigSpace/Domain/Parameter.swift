/// A named axis of the configuration space.
public struct Parameter: Sendable {
    public let name: String
    public let domain: Domain
    public let defaultValue: Value
    /// What it does, for the prompt.
    public let description: String?

    /// Without `defaultValue`, the default is the domain's `naturalDefault`.
    public init(name: String, domain: Domain, defaultValue: Value? = nil, description: String? = nil) {
        self.name = name
        self.domain = domain
        self.defaultValue = defaultValue ?? domain.naturalDefault
        self.description = description
    }
}
