/// A launch as the driver takes it, laid out in memory once and launched as often as need be.
///
/// What the C header calls `CUlaunchConfig` and `CUlaunchAttribute` is written here byte by byte at their offsets on
/// 64-bit machines.
@safe final class LaunchRecord {
    let function: FunctionHandle
    let geometry: LaunchGeometry
    let stream: StreamHandle

    /// A `CUlaunchConfig`.
    var configuration: UnsafeRawPointer { unsafe UnsafeRawPointer(memory) }
    /// An address for each argument's value.
    let argumentPointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let memory: UnsafeMutableRawPointer
    private let argumentMemory: UnsafeMutableRawPointer

    private static let configurationSize = 56
    private static let attributeSize = 72
    private static let attributeValueOffset = 8
    private static let cooperativeAttribute: UInt32 = 2
    private static let clusterAttribute: UInt32 = 4
    /// No scalar needs a stricter alignment.
    private static let slotSize = 16

    /// - Parameter geometry: within the limits (`LaunchLimits.check`).
    init(function: FunctionHandle, geometry: LaunchGeometry, arguments: [LaunchArgument], stream: StreamHandle) {
        self.function = function
        self.geometry = geometry
        self.stream = stream
        unsafe memory = .allocate(byteCount: Self.configurationSize + 2 * Self.attributeSize, alignment: 16)
        unsafe memory.initializeMemory(
            as: UInt8.self, repeating: 0, count: Self.configurationSize + 2 * Self.attributeSize)
        let words = [
            geometry.grid.x, geometry.grid.y, geometry.grid.z, geometry.block.x, geometry.block.y, geometry.block.z,
            geometry.dynamicSharedBytes,
        ]
        for (index, word) in words.enumerated() {
            unsafe memory.storeBytes(of: UInt32(clamping: word), toByteOffset: 4 * index, as: UInt32.self)
        }
        unsafe memory.storeBytes(of: stream.bits, toByteOffset: 32, as: UInt.self)

        var attributes = 0
        let attributesStart = unsafe memory + Self.configurationSize
        func append(_ attribute: UInt32, _ values: [Int]) {
            let start = unsafe attributesStart + attributes * Self.attributeSize
            unsafe start.storeBytes(of: attribute, as: UInt32.self)
            for (index, value) in values.enumerated() {
                unsafe start.storeBytes(
                    of: UInt32(clamping: value), toByteOffset: Self.attributeValueOffset + 4 * index, as: UInt32.self)
            }
            attributes += 1
        }
        if let cluster = geometry.cluster { append(Self.clusterAttribute, [cluster.x, cluster.y, cluster.z]) }
        if geometry.isCooperative { append(Self.cooperativeAttribute, [1]) }
        unsafe memory.storeBytes(of: UInt(bitPattern: attributesStart), toByteOffset: 40, as: UInt.self)
        unsafe memory.storeBytes(of: UInt32(attributes), toByteOffset: 48, as: UInt32.self)

        unsafe argumentMemory = .allocate(byteCount: max(1, arguments.count) * Self.slotSize, alignment: Self.slotSize)
        unsafe argumentPointers = .allocate(capacity: max(1, arguments.count))
        for (index, argument) in arguments.enumerated() {
            let slot = unsafe argumentMemory + index * Self.slotSize
            for (offset, byte) in argument.bytes.prefix(Self.slotSize).enumerated() {
                unsafe slot.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            }
            unsafe (argumentPointers + index).initialize(to: slot)
        }
    }

    deinit {
        unsafe memory.deallocate()
        unsafe argumentMemory.deallocate()
        unsafe argumentPointers.deallocate()
    }
}
