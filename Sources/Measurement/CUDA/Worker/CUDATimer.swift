/// Times kernels by the device's own clock.
struct CUDATimer {
    private let context: CUDAContext
    private let arguments: CUDAArguments
    /// Twice the L2: writing it leaves nothing there of what a kernel used.
    private let flushed: DeviceMemory
    private let start: CUDAEvent
    private let end: CUDAEvent

    init(_ context: CUDAContext, _ arguments: CUDAArguments) throws(CUDAError) {
        self.context = context
        self.arguments = arguments
        flushed = try DeviceMemory(context, byteCount: Self.flushedBytes(context.device))
        start = try CUDAEvent(context)
        end = try CUDAEvent(context)
    }

    static func flushedBytes(_ device: CUDADevice) -> Int { max(2 * device.l2Bytes, 1 << 20) }

    /// Runs the kernel for a while, at least once, so that clocks rise.
    func warmUp(_ kernel: LoadedCUDAKernel, seconds: Double, heartbeat: Heartbeat) throws(CUDAError) {
        let begin = MonotonicClock.nanoseconds()
        repeat {
            heartbeat.beat()
            try arguments.restoreInOut()
            try kernel.run()
            try context.synchronize()
        } while MonotonicClock.seconds(since: begin) < seconds
    }

    /// Milliseconds of one run.
    ///
    /// While the L2 is flushed the launch is already in line, so that launching costs nothing that is seen.
    func sample(_ kernel: LoadedCUDAKernel, heartbeat: Heartbeat) throws(CUDAError) -> Double {
        heartbeat.beat()
        try arguments.restoreInOut()
        try flushed.fill(0)
        try start.record()
        try kernel.run()
        try end.record()
        try end.synchronize()
        return try end.milliseconds(since: start)
    }

    private static let copies = 7

    /// Bytes read and written each second when the device copies its own memory.
    ///
    /// - Parameter byteCount: of what is copied; several times the L2.
    static func copyBytesPerSecond(_ context: CUDAContext, byteCount: Int) throws(CUDAError) -> Double? {
        let source = try DeviceMemory(context, byteCount: byteCount)
        let target = try DeviceMemory(context, byteCount: byteCount)
        let (start, end) = (try CUDAEvent(context), try CUDAEvent(context))
        try source.fill(0x5A)
        try target.copy(from: source)
        var times: [Double] = []
        for _ in 0..<copies {
            try start.record()
            try target.copy(from: source)
            try end.record()
            try end.synchronize()
            times.append(try end.milliseconds(since: start))
        }
        return MedianInterval.median(of: times).map { 2 * Double(byteCount) / ($0 * 1e-3) }
    }
}
