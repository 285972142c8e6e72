#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The memory of one kernel argument, between guards that tell when a kernel writes outside it.
///
/// The elements begin on a page of their own. Right before and after them lie canaries, which are looked at after a run;
/// beyond those lie pages that cannot be touched, so that what goes far astray ends the process by SIGSEGV.
@safe final class GuardedMemory {
    /// Where a kernel wrote outside.
    enum Damage: Equatable {
        /// So many bytes before the first element (1 is the byte right before it).
        case before(bytes: Int)
        /// So many bytes past the last element (1 is the byte right after it).
        case after(bytes: Int)
    }

    let byteCount: Int
    private let mapping: UnsafeMutableRawPointer
    private let mappingSize: Int
    private let headSize: Int
    private let tailSize: Int

    /// Where the elements begin.
    let base: UnsafeMutableRawPointer

    /// Untouchable on each side: wider than any row that a kernel is likely to be off by.
    private static let fenceSize = 16 << 20
    private static let smallestCanary = 256
    private static let canary: UInt8 = 0xC9

    /// Nil when there is not so much memory.
    init?(byteCount: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let (padded, overflow) = byteCount.addingReportingOverflow(Self.smallestCanary + page - 1)
        guard byteCount >= 0, page > 0, !overflow, padded < Int.max / 2 else { return nil }
        let head = (Self.smallestCanary + page - 1) / page * page
        let body = padded / page * page
        let size = Self.fenceSize + head + body + Self.fenceSize
        guard let mapping = unsafe mmap(nil, size, PROT_NONE, MAP_PRIVATE | Self.anonymous, -1, 0),
            unsafe mapping != MAP_FAILED
        else { return nil }
        guard unsafe mprotect(mapping + Self.fenceSize, head + body, PROT_READ | PROT_WRITE) == 0 else {
            _ = unsafe munmap(mapping, size)
            return nil
        }
        self.byteCount = byteCount
        unsafe self.mapping = mapping
        self.mappingSize = size
        self.headSize = head
        self.tailSize = body - byteCount
        unsafe self.base = mapping + Self.fenceSize + head
        resetGuards()
    }

    deinit {
        _ = unsafe munmap(mapping, mappingSize)
    }

    /// Writes the elements; `bytes` has `byteCount` of them.
    func fill(with bytes: [UInt8]) {
        precondition(bytes.count == byteCount, "an argument's bytes fill its memory")
        unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe base.copyMemory(from: start, byteCount: byteCount)
        }
    }

    func bytes() -> [UInt8] {
        unsafe [UInt8](UnsafeRawBufferPointer(start: base, count: byteCount))
    }

    /// Whether the elements are these.
    func holds(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == byteCount else { return false }
        return unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            return unsafe memcmp(start, base, byteCount) == 0
        }
    }

    func resetGuards() {
        _ = unsafe memset(base - headSize, Int32(Self.canary), headSize)
        _ = unsafe memset(base + byteCount, Int32(Self.canary), tailSize)
    }

    /// The damage nearest to the elements, after them before before them.
    var damage: Damage? {
        let tail = unsafe UnsafeRawBufferPointer(start: base + byteCount, count: tailSize)
        if let offset = unsafe tail.firstIndex(where: { $0 != Self.canary }) { return .after(bytes: offset + 1) }
        let head = unsafe UnsafeRawBufferPointer(start: base - headSize, count: headSize)
        if let offset = unsafe head.lastIndex(where: { $0 != Self.canary }) { return .before(bytes: headSize - offset) }
        return nil
    }

    #if canImport(Darwin)
    private static let anonymous = MAP_ANON
    #else
    private static let anonymous = MAP_ANONYMOUS
    #endif
}
