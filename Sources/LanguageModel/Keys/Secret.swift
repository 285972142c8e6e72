/// A value that nothing which prints, reflects or dumps what holds it may show.
struct Secret<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: Value

    init(_ value: Value) { self.value = value }

    var description: String { "[secret]" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
