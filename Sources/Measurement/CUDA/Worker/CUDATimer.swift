/// Times kernels by the device's own clock.
struct CUDATimer {
    private let context: CUDAContext
    private let arguments: CUDAArguments
    /// Writing it leaves nothing in the L2 of what a kernel used.
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

    /// Twice the L2, and 256 MiB where the device has memory enough.
    ///
    /// The L2's sets are not replaced strictly by age, so that a little of what a kernel used can outlive twice its size.
    /// And a kernel that draws all the power there is has the clocks of a mixed load when something milder runs in between
    /// for about as long: those of triton's do_bench, by which kernels are compared elsewhere, and which writes as much.
    static func flushedBytes(_ device: CUDADevice) -> Int {
        max(2 * device.l2Bytes, min(256 << 20, device.memoryBytes / 64), 1 << 20)
    }

    /// Runs the kernel for a while, at least once, as samples do: with the flush between the runs, the device comes to the
    /// power and the clocks that samples will find.
    func warmUp(_ kernel: LoadedCUDAKernel, seconds: Double, heartbeat: Heartbeat) throws(CUDAError) {
        let begin = MonotonicClock.nanoseconds()
        repeat {
            heartbeat.beat()
            try prepare()
            try kernel.run()
            try context.synchronize()
        } while MonotonicClock.seconds(since: begin) < seconds
    }

    private func prepare() throws(CUDAError) {
        try arguments.restoreInOut()
        try flushed.fill(0)
    }

    /// Milliseconds of one run.
    ///
    /// While the L2 is flushed the launch is already in line, so that launching costs nothing that is seen.
    func sample(_ kernel: LoadedCUDAKernel, heartbeat: Heartbeat) throws(CUDAError) -> Double {
        heartbeat.beat()
        try prepare()
        try start.record()
        try kernel.run()
        try end.record()
        try end.synchronize()
        return try end.milliseconds(since: start)
    }
}
