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
}
