import KernelSpec

/// Measures what a device can do at most, with nothing else on it.
struct LimitMeasurement {
    let context: CUDAContext
    let compiler: CUDACompiler
    let architecture: String
    let cubins: CubinCache?
    /// For the compiler's own files.
    let folder: String

    private static let copiedBytes = 1 << 30
    private static let runs = 7
    /// Long enough for clocks to give way to the power limit as they do under a real kernel.
    private static let matrixSeconds = 0.02
    private static let matrixRuns = 5

    /// What cannot be measured is left out: no kernel needs it to run.
    func limits(heartbeat: Heartbeat) async -> DeviceLimits {
        var limits = DeviceLimits()
        do {
            try context.makeCurrent()
            let free = try context.memoryInfo().free
            let byteCount = min(Self.copiedBytes, free / 4)
            if byteCount >= 4 * context.device.l2Bytes {
                limits.copyBytesPerSecond = try copyRate(byteCount)
            } else {
                limits.problems.append(
                    "the bandwidth of \(context.device.name) was not measured: too little of its memory is free")
            }
        } catch {
            limits.problems.append(problem("the copy bandwidth", error))
        }
        heartbeat.beat()
        do {
            let artifact = try await compile(LimitRoutines.read, LimitRoutines.readFunction)
            limits.readBytesPerSecond = try readRate(artifact)
        } catch {
            limits.problems.append(problem("the read bandwidth", error))
        }
        for routine in LimitRoutines.matrix(for: context.device.capability) {
            heartbeat.beat()
            do {
                let artifact = try await compile(routine.source, routine.function)
                let rate = try matrixRate(routine, artifact)
                for type in routine.types { limits.matrixOperationsPerSecond[type.rawValue] = rate }
            } catch {
                let types = routine.types.map(\.rawValue).joined(separator: " and ")
                limits.problems.append(problem("the matrix throughput with \(types)", error))
            }
        }
        return limits
    }

    private func problem(_ what: String, _ error: any Error) -> String {
        "\(what) of \(context.device.name) was not measured: \(error)"
    }

    private func compile(_ source: String, _ function: String) async throws -> CUDAArtifact {
        try await compiler.own(
            source, functions: [function], architecture: architecture, cubins, folder: folder)
    }

    private func copyRate(_ byteCount: Int) throws -> Double? {
        try context.makeCurrent()
        let source = try DeviceMemory(context, byteCount: byteCount)
        let target = try DeviceMemory(context, byteCount: byteCount)
        try source.fill(0x5A)
        return try rate(2 * Double(byteCount), runs: Self.runs) { try target.copy(from: source) }
    }

    private func readRate(_ artifact: CUDAArtifact) throws -> Double? {
        try context.makeCurrent()
        let byteCount = min(Self.copiedBytes, try context.memoryInfo().free / 4) / 16 * 16
        guard byteCount >= 4 * context.device.l2Bytes else { return nil }
        let memory = try DeviceMemory(context, byteCount: byteCount)
        let never = try DeviceMemory(context, byteCount: 4)
        try memory.fill(0x5A)
        let geometry = LaunchGeometry(
            grid: Extent3(context.device.multiprocessors * LimitRoutines.readBlocksPerMultiprocessor),
            block: Extent3(LimitRoutines.readThreads))
        let launch = try function(LimitRoutines.readFunction, of: artifact).prepare(
            geometry,
            arguments: [
                LaunchArgument(memory.address), LaunchArgument(word: UInt64(byteCount / 16)),
                LaunchArgument(never.address),
            ])
        return try withExtendedLifetime((memory, never)) {
            try rate(Double(byteCount), runs: Self.runs) { try launch.launch() }
        }
    }

    private func matrixRate(_ routine: LimitRoutines.Matrix, _ artifact: CUDAArtifact) throws -> Double? {
        try context.makeCurrent()
        let never = try DeviceMemory(context, byteCount: 4)
        let function = try function(routine.function, of: artifact)
        let blocks = context.device.multiprocessors * routine.blocksPerMultiprocessor
        let geometry = LaunchGeometry(
            grid: Extent3(blocks), block: Extent3(routine.threads), dynamicSharedBytes: routine.sharedBytes)
        func rate(rounds: Int, runs: Int) throws -> Double? {
            let launch = try function.prepare(
                geometry,
                arguments: [LaunchArgument(never.address), LaunchArgument(Int32(clamping: rounds))])
            let operations = routine.operationsPerRoundAndBlock * Double(rounds * blocks)
            return try withExtendedLifetime(never) {
                try self.rate(operations, runs: runs) { try launch.launch() }
            }
        }
        let trialRounds = 256
        guard let trial = try rate(rounds: trialRounds, runs: 3), trial > 0 else { return nil }
        let rounds = trial * Self.matrixSeconds / (routine.operationsPerRoundAndBlock * Double(blocks))
        return try rate(rounds: max(trialRounds, Int(rounds)), runs: Self.matrixRuns)
    }

    private func function(_ name: String, of artifact: CUDAArtifact) throws -> CUDAFunction {
        try CUDAModule(context, image: artifact.image).function(artifact.symbols[name] ?? name)
    }

    /// The amount over the median of the seconds it takes, after one run that is not counted.
    private func rate(_ amount: Double, runs: Int, _ run: () throws -> Void) throws -> Double? {
        let (start, end) = (try CUDAEvent(context), try CUDAEvent(context))
        try run()
        var times: [Double] = []
        for _ in 0..<runs {
            try start.record()
            try run()
            try end.record()
            try end.synchronize()
            times.append(try end.milliseconds(since: start))
        }
        return MedianInterval.median(of: times).flatMap { $0 > 0 ? amount / ($0 * 1e-3) : nil }
    }
}
