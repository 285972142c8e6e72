/// What a launch may ask of a device, by what the kernel itself takes already.
///
/// The driver only says `CUDA_ERROR_INVALID_VALUE` for most of what is too much; here the number asked and the number
/// there is are known.
struct LaunchLimits: Sendable {
    let device: CUDADevice
    let function: FunctionResources
    let knowsClusters: Bool

    /// The blocks of a cluster that every device with clusters can hold.
    static let portableClusterBlocks = 8

    /// - Throws: the first limit that the launch exceeds.
    func check(_ geometry: LaunchGeometry) throws(LaunchLimitError) {
        for (extent, what) in [(geometry.grid, "grid"), (geometry.block, "block"), (geometry.cluster, "cluster")] {
            guard let extent else { continue }
            for (axis, asked) in zip(["x", "y", "z"], extent.all) where asked < 1 {
                throw LaunchLimitError(.smallestExtent("\(what) \(axis)"), asked: asked, available: 1)
            }
        }
        try check(geometry.grid, within: device.maxGrid, "grid")
        try check(geometry.block, within: device.maxBlock, "block")
        let threads = geometry.block.count
        try check(.threadsPerBlock, threads, device.maxThreadsPerBlock)
        try check(.threadsByRegisters(function.registersPerThread), threads, function.maxThreadsPerBlock)
        guard geometry.dynamicSharedBytes >= 0 else {
            throw LaunchLimitError(.smallestSharedMemory, asked: geometry.dynamicSharedBytes, available: 0)
        }
        let (shared, overflow) = geometry.dynamicSharedBytes.addingReportingOverflow(function.staticSharedBytes)
        try check(
            .sharedMemory(staticBytes: function.staticSharedBytes), overflow ? .max : shared,
            device.sharedBytesPerBlockOptIn)
        // Drivers without the newer launch call, which clusters need too, would launch it like any other.
        if geometry.isCooperative, !(device.launchesCooperatively && knowsClusters) {
            throw LaunchLimitError(.cooperativeLaunches, asked: 1, available: 0)
        }
        try checkCluster(geometry)
    }

    private func checkCluster(_ geometry: LaunchGeometry) throws(LaunchLimitError) {
        guard let cluster = geometry.cluster else {
            guard function.needsCluster, function.requiredCluster == nil else { return }
            throw LaunchLimitError(.clusterMissing, asked: 0, available: 1)
        }
        guard device.launchesClusters, knowsClusters else {
            throw LaunchLimitError(.clusters, asked: cluster.count, available: 0)
        }
        if let required = function.requiredCluster, required != cluster {
            throw LaunchLimitError(.clusterOfSource(required), asked: cluster.count, available: required.count)
        }
        for (axis, (grid, blocks)) in zip(["x", "y", "z"], zip(geometry.grid.all, cluster.all)) where grid % blocks != 0
        {
            throw LaunchLimitError(.clusterDivides(axis), asked: grid, available: blocks)
        }
    }

    private func check(_ extent: Extent3, within most: Extent3, _ what: String) throws(LaunchLimitError) {
        for (axis, (asked, available)) in zip(["x", "y", "z"], zip(extent.all, most.all)) {
            try check(.extent("\(what) \(axis)"), asked, available)
        }
    }

    private func check(_ limit: LaunchLimitError.Limit, _ asked: Int, _ available: Int) throws(LaunchLimitError) {
        guard asked > available else { return }
        throw LaunchLimitError(limit, asked: asked, available: available)
    }
}

/// A launch that asks for more than there is.
struct LaunchLimitError: Error, Sendable, Equatable, CustomStringConvertible {
    enum Limit: Sendable, Equatable {
        /// "grid y", "block z": the extent along one axis.
        case extent(String)
        case smallestExtent(String)
        case smallestSharedMemory
        case threadsPerBlock
        /// With so many registers in each thread.
        case threadsByRegisters(Int)
        case sharedMemory(staticBytes: Int)
        case clusters
        case clusterMissing
        case clusterOfSource(Extent3)
        case clusterDivides(String)
        case clusterBlocks
        case residentClusters
        case cooperativeLaunches
        case cooperativeBlocks
    }

    var limit: Limit
    var asked: Int
    var available: Int

    init(_ limit: Limit, asked: Int, available: Int) {
        (self.limit, self.asked, self.available) = (limit, asked, available)
    }

    var description: String {
        switch limit {
        case .extent(let what): "\(what) is \(asked), the device allows \(available)"
        case .smallestExtent(let what): "\(what) is \(asked), it has to be at least \(available)"
        case .smallestSharedMemory: "\(asked) bytes of dynamic shared memory are asked for, less than none"
        case .threadsPerBlock: "a block has \(asked) threads, the device allows \(available)"
        case .threadsByRegisters(let registers):
            "a block has \(asked) threads, with \(registers) registers per thread or by __launch_bounds__ the kernel allows "
                + "\(available)"
        case .sharedMemory(let fixed):
            "\(asked) bytes of shared memory per block are asked for\(fixed > 0 ? " (\(fixed) of them static)" : ""), "
                + "the device has \(available)"
        case .clusters: "a cluster of \(asked) blocks is asked for, the device or its driver has no clusters"
        case .clusterMissing: "the kernel has to be launched with clusters and the launch names none"
        case .clusterOfSource(let required):
            "a cluster of \(asked) blocks is asked for, __cluster_dims__ in the source says \(required)"
        case .clusterDivides(let axis): "grid \(axis) is \(asked), not a multiple of the cluster's \(available)"
        case .clusterBlocks: "a cluster has \(asked) blocks, the device allows \(available) for this kernel"
        case .residentClusters: "not one cluster of this size fits on the device with what its blocks take"
        case .cooperativeLaunches: "the device or its driver has no cooperative launches"
        case .cooperativeBlocks:
            "a cooperative launch has \(asked) blocks, \(available) fit on the device at once"
        }
    }
}
