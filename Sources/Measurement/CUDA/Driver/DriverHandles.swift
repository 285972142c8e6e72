/// An address in a device's memory.
struct DeviceAddress: Sendable, Hashable {
    var bits: UInt64

    /// `offset` bytes further.
    func advanced(by offset: Int) -> DeviceAddress {
        DeviceAddress(bits: bits &+ UInt64(bitPattern: Int64(offset)))
    }
}

/// The driver's opaque handles, as bits: they are only ever handed back to it.
struct DriverHandle<Kind>: Sendable, Hashable {
    var bits: UInt

    /// What the driver takes for none: the default stream.
    static var null: DriverHandle { DriverHandle(bits: 0) }
}

enum ContextKind {}
enum ModuleKind {}
enum FunctionKind {}
enum StreamKind {}
enum EventKind {}

typealias ContextHandle = DriverHandle<ContextKind>
typealias ModuleHandle = DriverHandle<ModuleKind>
typealias FunctionHandle = DriverHandle<FunctionKind>
typealias StreamHandle = DriverHandle<StreamKind>
typealias EventHandle = DriverHandle<EventKind>
