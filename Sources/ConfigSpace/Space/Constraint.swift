/// A condition that configs have to meet.
public struct Constraint: Sendable {
    public let expression: Expression
    public var text: String { expression.text }

    public init(_ expression: Expression) {
        self.expression = expression
    }
}
