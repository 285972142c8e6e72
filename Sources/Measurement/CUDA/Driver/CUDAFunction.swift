/// A kernel in a loaded module.
final class CUDAFunction {
    let module: CUDAModule
    let symbol: String
    let handle: FunctionHandle
    let resources: FunctionResources
    /// The dynamic shared memory that was opted in for so far.
    private var allowedDynamicSharedBytes: Int

    init(_ module: CUDAModule, symbol: String, handle: FunctionHandle) throws(CUDAError) {
        self.module = module
        self.symbol = symbol
        self.handle = handle
        resources = try FunctionResources(module.context.driver, handle)
        allowedDynamicSharedBytes = max(0, module.context.device.sharedBytesPerBlock - resources.staticSharedBytes)
    }

    private var context: CUDAContext { module.context }

    /// Checks the launch against every limit and prepares it; launching itself is `CUDALaunch.launch`.
    ///
    /// - Throws: a `LaunchLimitError` that says what was asked and what there is, or the driver's `CUDAError`.
    func prepare(
        _ geometry: LaunchGeometry, arguments: [LaunchArgument], on stream: StreamHandle = .null
    ) throws -> CUDALaunch {
        try LaunchLimits(device: context.device, function: resources, knowsClusters: context.driver.knowsClusters)
            .check(geometry)
        try allow(geometry)
        let record = LaunchRecord(function: handle, geometry: geometry, arguments: arguments, stream: stream)
        try checkResidency(record)
        return CUDALaunch(self, record)
    }

    /// The share of a multiprocessor's warps that this launch can keep resident, 0...1.
    ///
    /// The geometry is one that `prepare` let pass.
    func occupancy(_ geometry: LaunchGeometry) throws(CUDAError) -> Double {
        let device = context.device
        let blocks = try context.driver.residentBlocks(
            of: handle, threads: geometry.block.count, dynamicSharedBytes: geometry.dynamicSharedBytes)
        let warps = (geometry.block.count + device.warpSize - 1) / device.warpSize
        return Double(blocks * warps) / Double(max(1, device.maxThreadsPerMultiprocessor / device.warpSize))
    }

    /// Opts in for what goes beyond what every device of the architecture has.
    private func allow(_ geometry: LaunchGeometry) throws(CUDAError) {
        if geometry.dynamicSharedBytes > allowedDynamicSharedBytes {
            try context.driver.set(.maxDynamicSharedBytes, to: geometry.dynamicSharedBytes, of: handle)
            allowedDynamicSharedBytes = geometry.dynamicSharedBytes
        }
        if let cluster = geometry.cluster, cluster.count > LaunchLimits.portableClusterBlocks {
            try context.driver.set(.allowsNonPortableClusters, to: 1, of: handle)
        }
    }

    /// Clusters and cooperating blocks have to be on the device together.
    private func checkResidency(_ record: LaunchRecord) throws {
        let geometry = record.geometry
        if let cluster = geometry.cluster {
            if let largest = try context.driver.largestCluster(for: record), cluster.count > largest {
                throw LaunchLimitError(.clusterBlocks, asked: cluster.count, available: largest)
            }
            if try context.driver.residentClusters(for: record) == 0 {
                throw LaunchLimitError(.residentClusters, asked: 1, available: 0)
            }
        }
        guard geometry.isCooperative else { return }
        let perMultiprocessor = try context.driver.residentBlocks(
            of: handle, threads: geometry.block.count, dynamicSharedBytes: geometry.dynamicSharedBytes)
        let resident = perMultiprocessor * context.device.multiprocessors
        guard geometry.grid.count <= resident else {
            throw LaunchLimitError(.cooperativeBlocks, asked: geometry.grid.count, available: resident)
        }
    }
}

/// A launch that was checked and can be run any number of times.
final class CUDALaunch {
    let function: CUDAFunction
    var geometry: LaunchGeometry { record.geometry }
    private let record: LaunchRecord

    fileprivate init(_ function: CUDAFunction, _ record: LaunchRecord) {
        self.function = function
        self.record = record
    }

    /// Begins the launch; what the kernel does wrong is reported by a later call that waits for it.
    func launch() throws(CUDAError) {
        try function.module.context.driver.launch(record)
    }
}

/// What a compiled kernel takes of the device; sizes in bytes.
struct FunctionResources: Sendable, Equatable {
    var registersPerThread: Int
    /// Of each thread: spilled registers, arrays that are indexed at run time, the stack.
    var localBytesPerThread: Int
    var staticSharedBytes: Int
    /// The most threads of a block that its registers allow.
    var maxThreadsPerBlock: Int
    /// As `__cluster_dims__` in the source demands; nil where it does not.
    var requiredCluster: Extent3?
    /// Whether the source demands some cluster size.
    var needsCluster: Bool

    init(_ driver: DriverLibrary, _ function: FunctionHandle) throws(CUDAError) {
        func ask(_ attribute: FunctionAttribute) throws(CUDAError) -> Int {
            try driver.attribute(attribute, of: function)
        }
        func askIfKnown(_ attribute: FunctionAttribute) throws(CUDAError) -> Int {
            do { return try ask(attribute) } catch  where error.code == CUDAError.invalidValueCode { return 0 }
        }
        registersPerThread = try ask(.registers)
        localBytesPerThread = try ask(.localBytes)
        staticSharedBytes = try ask(.staticSharedBytes)
        maxThreadsPerBlock = try ask(.maxThreadsPerBlock)
        needsCluster = try askIfKnown(.clusterSizeMustBeSet) != 0
        let cluster = Extent3(
            try askIfKnown(.requiredClusterWidth), try askIfKnown(.requiredClusterHeight),
            try askIfKnown(.requiredClusterDepth))
        requiredCluster = cluster.count > 0 ? cluster : nil
    }

    init(
        registersPerThread: Int, localBytesPerThread: Int = 0, staticSharedBytes: Int,
        maxThreadsPerBlock: Int, requiredCluster: Extent3? = nil, needsCluster: Bool = false
    ) {
        self.registersPerThread = registersPerThread
        self.localBytesPerThread = localBytesPerThread
        self.staticSharedBytes = staticSharedBytes
        self.maxThreadsPerBlock = maxThreadsPerBlock
        self.requiredCluster = requiredCluster
        self.needsCluster = needsCluster
    }
}
