/// The primary context of one device: what memory, modules and launches of this process belong to.
///
/// A worker has one, for its device, and keeps it to its end. A context is current on one thread after the other: whoever
/// may have come to another thread since (after every await) makes it current again before it uses anything made of it.
final class CUDAContext {
    /// How the processor waits for the device.
    enum Waiting: UInt32, Sendable {
        /// Asking all the time: the shortest way from one launch to the next, at the price of a core.
        case spinning = 1
        /// Asleep: the cores are left to the compilers.
        case blocking = 4
    }

    let driver: DriverLibrary
    let device: CUDADevice
    private let handle: ContextHandle

    /// Makes it current on this thread.
    ///
    /// - Throws: when there is no such device (`CUDA_ERROR_INVALID_DEVICE`), or it gives no context.
    init(_ driver: DriverLibrary, device: CUDADevice, waiting: Waiting = .spinning) throws(CUDAError) {
        try driver.setPrimaryContextFlags(waiting.rawValue, of: device.handle)
        handle = try driver.retainPrimaryContext(of: device.handle)
        do {
            try driver.makeCurrent(handle)
        } catch {
            driver.releasePrimaryContext(of: device.handle)
            throw error
        }
        self.driver = driver
        self.device = device
    }

    deinit {
        driver.releasePrimaryContext(of: device.handle)
    }

    /// Makes the context current on the thread that runs this.
    func makeCurrent() throws(CUDAError) {
        try driver.makeCurrent(handle)
    }

    /// Waits for everything that was begun; errors of kernels come out here.
    func synchronize() throws(CUDAError) {
        try driver.synchronize()
    }

    /// Device memory in bytes, of all processes together.
    func memoryInfo() throws(CUDAError) -> (free: Int, total: Int) {
        try driver.memoryInfo()
    }
}

/// Work in order. What is done on the default stream waits for all others, and they for it.
final class CUDAStream {
    let handle: StreamHandle
    private let context: CUDAContext

    init(_ context: CUDAContext) throws(CUDAError) {
        handle = try context.driver.makeStream()
        self.context = context
    }

    deinit {
        context.driver.destroy(handle)
    }

    func synchronize() throws(CUDAError) {
        try context.driver.synchronize(handle)
    }
}

/// A moment in a stream's work, by the device's own clock.
final class CUDAEvent {
    private let handle: EventHandle
    private let context: CUDAContext

    init(_ context: CUDAContext) throws(CUDAError) {
        handle = try context.driver.makeEvent()
        self.context = context
    }

    deinit {
        context.driver.destroy(handle)
    }

    /// Marks the moment after everything that the stream was given so far.
    func record(on stream: StreamHandle = .null) throws(CUDAError) {
        try context.driver.record(handle, on: stream)
    }

    /// Waits for the moment.
    func synchronize() throws(CUDAError) {
        try context.driver.synchronize(handle)
    }

    func isDone() throws(CUDAError) -> Bool {
        try context.driver.isDone(handle)
    }

    /// Milliseconds from `start` to this event, both recorded and done; the device's clock ticks about every 0.5 µs.
    func milliseconds(since start: CUDAEvent) throws(CUDAError) -> Double {
        try context.driver.milliseconds(from: start.handle, to: handle)
    }
}
