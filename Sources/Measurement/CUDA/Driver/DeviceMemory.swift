/// Memory of a device, between guard zones that tell when a kernel writes outside it.
final class DeviceMemory {
    /// Where a kernel wrote outside.
    enum Damage: Sendable, Equatable {
        /// So many bytes before the first byte (1 is the byte right before it).
        case before(bytes: Int)
        /// So many bytes past the last byte (1 is the byte right after it).
        case after(bytes: Int)
    }

    let byteCount: Int
    /// Where the caller's bytes begin, aligned as the driver aligns allocations.
    let address: DeviceAddress
    /// The guard before and the guard after, in bytes; the latter is a little longer to end on a boundary.
    private let headSize: Int
    private let tailSize: Int
    private let context: CUDAContext

    /// What the driver aligns allocations to.
    static let alignment = 512
    private static let canary: UInt8 = 0xC9

    /// - Parameter guardBytes: the least length of each guard zone; 0 for none.
    /// - Throws: `CUDA_ERROR_OUT_OF_MEMORY` where there is not so much.
    init(_ context: CUDAContext, byteCount: Int, guardBytes: Int = 0) throws(CUDAError) {
        precondition(byteCount >= 0 && guardBytes >= 0, "sizes are not negative")
        self.context = context
        self.byteCount = byteCount
        headSize = Self.roundedUp(guardBytes)
        // Up to the boundary only where a guard is wanted.
        tailSize = guardBytes == 0 ? 0 : Self.roundedUp(byteCount &+ guardBytes) &- byteCount
        let (total, overflow) = byteCount.addingReportingOverflow(headSize + tailSize)
        let base = try context.driver.allocate(byteCount: overflow ? .max : max(total, 1))
        address = base.advanced(by: headSize)
        do { try resetGuards() } catch {
            context.driver.free(base)
            throw error
        }
    }

    deinit {
        context.driver.free(address.advanced(by: -headSize))
    }

    /// How many bytes an allocation takes of the device, guards included.
    static func footprint(byteCount: Int, guardBytes: Int) -> Int {
        roundedUp(byteCount &+ guardBytes) &+ roundedUp(guardBytes)
    }

    private static func roundedUp(_ count: Int) -> Int {
        let (sum, overflow) = count.addingReportingOverflow(alignment - 1)
        return overflow ? .max : sum / alignment * alignment
    }

    /// Writes bytes, `offset` bytes behind the start, when all earlier work is done.
    func write(_ bytes: [UInt8], at offset: Int = 0) throws(CUDAError) {
        precondition(offset >= 0 && bytes.count <= byteCount - offset, "the bytes fit into the memory")
        try context.driver.copy(bytes, to: address.advanced(by: offset))
    }

    /// Reads `count` bytes from `offset` on, all that follow if nil, when all earlier work is done.
    func bytes(at offset: Int = 0, count: Int? = nil) throws(CUDAError) -> [UInt8] {
        let count = count ?? byteCount - offset
        precondition(offset >= 0 && count >= 0 && count <= byteCount - offset, "the bytes lie in the memory")
        return try context.driver.bytes(at: address.advanced(by: offset), count: count)
    }

    /// Takes over what `other`, of the same size, holds.
    func copy(from other: DeviceMemory, on stream: StreamHandle = .null) throws(CUDAError) {
        precondition(other.byteCount == byteCount, "memory is copied to memory of its size")
        guard byteCount > 0 else { return }
        try context.driver.copy(from: other.address, to: address, byteCount: byteCount, on: stream)
    }

    func fill(_ value: UInt8, on stream: StreamHandle = .null) throws(CUDAError) {
        guard byteCount > 0 else { return }
        try context.driver.fill(address, value, count: byteCount, on: stream)
    }

    /// Repeats a pattern of 1, 2 or 4 bytes through the whole memory; a rest at the end gets the pattern's beginning.
    func fill(pattern: [UInt8], on stream: StreamHandle = .null) throws(CUDAError) {
        precondition([1, 2, 4].contains(pattern.count), "the device fills with patterns of 1, 2 or 4 bytes")
        let bits = pattern.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (8 * UInt32($1.offset)) }
        let count = byteCount / pattern.count
        if count > 0 {
            switch pattern.count {
            case 1: try context.driver.fill(address, UInt8(truncatingIfNeeded: bits), count: count, on: stream)
            case 2: try context.driver.fill(address, UInt16(truncatingIfNeeded: bits), count: count, on: stream)
            default: try context.driver.fill(address, bits, count: count, on: stream)
            }
        }
        for (index, byte) in pattern.prefix(byteCount % pattern.count).enumerated() {
            let place = address.advanced(by: count * pattern.count + index)
            try context.driver.fill(place, byte, count: 1, on: stream)
        }
    }

    /// Makes the guard zones whole again.
    func resetGuards(on stream: StreamHandle = .null) throws(CUDAError) {
        if headSize > 0 {
            try context.driver.fill(address.advanced(by: -headSize), Self.canary, count: headSize, on: stream)
        }
        if tailSize > 0 {
            try context.driver.fill(address.advanced(by: byteCount), Self.canary, count: tailSize, on: stream)
        }
    }

    /// The damage nearest to the caller's bytes, after them before before them.
    func damage() throws(CUDAError) -> Damage? {
        let tail = try context.driver.bytes(at: address.advanced(by: byteCount), count: tailSize)
        if let offset = tail.firstIndex(where: { $0 != Self.canary }) { return .after(bytes: offset + 1) }
        let head = try context.driver.bytes(at: address.advanced(by: -headSize), count: headSize)
        if let offset = head.lastIndex(where: { $0 != Self.canary }) { return .before(bytes: headSize - offset) }
        return nil
    }
}
