#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Empties the processor's caches of what a kernel used, so that each sample starts from memory.
@safe final class CacheFlusher {
    private let buffer: UnsafeMutableRawPointer
    private let byteCount: Int
    private var value: UInt8 = 0
    /// Written in blocks: the C library writes larger ones around the caches.
    private static let block = 32 << 10

    /// - Parameter byteCount: twice the last-level cache, so that after reading it nothing that was written (and would
    ///   have to go to memory while a kernel runs) is left in it.
    init(byteCount: Int) {
        self.byteCount = max(byteCount, 1 << 20)
        unsafe buffer = .allocate(byteCount: self.byteCount, alignment: 4096)
    }

    deinit {
        unsafe buffer.deallocate()
    }

    func flush() {
        value = value == 1 ? 2 : 1
        var offset = 0
        while offset < byteCount {
            let count = min(Self.block, byteCount - offset)
            _ = unsafe memset(buffer + offset, Int32(value), count)
            offset += count
        }
        // A byte that is nowhere: all of it is read. What is found is asserted so that the reading is not left out.
        let found = unsafe memchr(buffer, 3, byteCount)
        precondition(unsafe found == nil, "the flushing buffer holds what was written to it")
    }
}
