/// One message of a conversation with a language model.
public struct Message: Sendable, Codable, Equatable {
    /// Who speaks.
    public enum Role: String, Codable, Sendable {
        case system, user, assistant
    }

    public var role: Role
    public var content: String

    public init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}
