public struct Expression: Sendable { public let text: String }
public struct ConfigSpace: Sendable { }
extension Config: Codable {
    public init(from decoder: any Decoder) throws { fatalError() }
    public func encode(to encoder: any Encoder) throws { fatalError() }
}
