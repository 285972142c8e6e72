/// Times kernels on this processor.
struct CPUTimer {
    let arguments: CPUArguments
    let flusher: CacheFlusher

    /// Below this a sample would measure the clock: such a kernel runs several times in one sample, with warm caches
    /// after the first.
    private static let shortestSampleNanoseconds = 10_000.0
    private static let mostRunsPerSample = 1_000

    /// Runs the kernel for a while, at least once, and sees how long it takes.
    func warmUp(_ kernel: LoadedKernel, seconds: Double, heartbeat: Heartbeat) {
        let start = MonotonicClock.nanoseconds()
        var shortest = Double.infinity
        let process = ProcessIdentity()
        repeat {
            heartbeat.beat()
            if arguments.hasInOut { arguments.restoreInOut() }
            let runStart = MonotonicClock.nanoseconds()
            kernel.run(arguments)
            shortest = min(shortest, Double(MonotonicClock.nanoseconds() &- runStart))
            process.endIfForked()
        } while MonotonicClock.seconds(since: start) < seconds
        let runs = (Self.shortestSampleNanoseconds / max(shortest, 1)).rounded(.up)
        kernel.runsPerSample = max(1, min(Int(runs), Self.mostRunsPerSample))
    }

    /// Milliseconds of one run.
    func sample(_ kernel: LoadedKernel, heartbeat: Heartbeat) -> Double {
        heartbeat.beat()
        if arguments.hasInOut { arguments.restoreInOut() }
        flusher.flush()
        let runs = kernel.runsPerSample ?? 1
        let process = ProcessIdentity()
        let start = MonotonicClock.nanoseconds()
        for _ in 0..<runs { kernel.run(arguments) }
        let milliseconds = Double(MonotonicClock.nanoseconds() &- start) * 1e-6
        process.endIfForked()
        return milliseconds / Double(runs)
    }
}
