/// What a device can be asked, by the driver's numbers (`CUdevice_attribute`).
enum DeviceAttribute: Int32, Sendable {
    case maxThreadsPerBlock = 1
    case maxBlockX = 2
    case maxBlockY = 3
    case maxBlockZ = 4
    case maxGridX = 5
    case maxGridY = 6
    case maxGridZ = 7
    case sharedBytesPerBlock = 8
    case warpSize = 10
    case registersPerBlock = 12
    case clockKilohertz = 13
    case multiprocessors = 16
    case correctsErrors = 32
    case memoryClockKilohertz = 36
    case memoryBusBits = 37
    case l2Bytes = 38
    case maxThreadsPerMultiprocessor = 39
    case majorCapability = 75
    case minorCapability = 76
    case sharedBytesPerMultiprocessor = 81
    case registersPerMultiprocessor = 82
    case launchesCooperatively = 95
    case sharedBytesPerBlockOptIn = 97
    case maxBlocksPerMultiprocessor = 106
    case reservedSharedBytesPerBlock = 111
    case launchesClusters = 120
}

/// What a function can be asked and told, by the driver's numbers (`CUfunction_attribute`).
enum FunctionAttribute: Int32, Sendable {
    case maxThreadsPerBlock = 0
    case staticSharedBytes = 1
    case localBytes = 3
    case registers = 4
    case maxDynamicSharedBytes = 8
    case clusterSizeMustBeSet = 10
    case requiredClusterWidth = 11
    case requiredClusterHeight = 12
    case requiredClusterDepth = 13
    case allowsNonPortableClusters = 14
}
