/// A value that a parameter can take, or that a model proposes for one: what JSON can say.
///
/// Numbers keep the kind they were written in; `2` and `2.0` are different values here and equal in expressions.
/// No domain admits an `object`; it exists so that any JSON a model sends can be represented and refused with a reason.
public enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    indirect case string(String)
    case list([Value])
    case object([String: Value])
}
