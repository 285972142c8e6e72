/// The functions of CUDA's driver as C has them.
///
/// Names end in `_v2` where the C header says so: the plain symbols are older functions with other sizes. Handles travel
/// as their bits; sizes in C's `size_t` are `Int`.
@safe struct DriverFunctions {
    typealias Status = Int32
    typealias Out<T> = UnsafeMutablePointer<T>

    let errorName: @convention(c) (Status, Out<UnsafePointer<CChar>?>) -> Status
    let errorText: @convention(c) (Status, Out<UnsafePointer<CChar>?>) -> Status
    let initialize: @convention(c) (UInt32) -> Status
    let driverVersion: @convention(c) (Out<Int32>) -> Status
    let deviceCount: @convention(c) (Out<Int32>) -> Status
    let device: @convention(c) (Out<Int32>, Int32) -> Status
    let deviceName: @convention(c) (Out<CChar>, Int32, Int32) -> Status
    let deviceUUID: @convention(c) (Out<UInt8>, Int32) -> Status
    let deviceMemory: @convention(c) (Out<Int>, Int32) -> Status
    let deviceAttribute: @convention(c) (Out<Int32>, Int32, Int32) -> Status
    let deviceBus: @convention(c) (Out<CChar>, Int32, Int32) -> Status
    let retain: @convention(c) (Out<UInt>, Int32) -> Status
    let release: @convention(c) (Int32) -> Status
    let setFlags: @convention(c) (Int32, UInt32) -> Status
    let setCurrent: @convention(c) (UInt) -> Status
    let synchronize: @convention(c) () -> Status
    let memoryInfo: @convention(c) (Out<Int>, Out<Int>) -> Status
    let allocate: @convention(c) (Out<UInt64>, Int) -> Status
    let free: @convention(c) (UInt64) -> Status
    let copyIn: @convention(c) (UInt64, UnsafeRawPointer, Int) -> Status
    let copyOut: @convention(c) (UnsafeMutableRawPointer, UInt64, Int) -> Status
    let copyWithin: @convention(c) (UInt64, UInt64, Int, UInt) -> Status
    let set8: @convention(c) (UInt64, UInt8, Int, UInt) -> Status
    let set16: @convention(c) (UInt64, UInt16, Int, UInt) -> Status
    let set32: @convention(c) (UInt64, UInt32, Int, UInt) -> Status
    let loadModule: @convention(c) (Out<UInt>, UnsafeRawPointer) -> Status
    let unloadModule: @convention(c) (UInt) -> Status
    let moduleFunction: @convention(c) (Out<UInt>, UInt, UnsafePointer<CChar>) -> Status
    let moduleGlobal: @convention(c) (Out<UInt64>, Out<Int>, UInt, UnsafePointer<CChar>) -> Status
    let functionAttribute: @convention(c) (Out<Int32>, Int32, UInt) -> Status
    let setFunctionAttribute: @convention(c) (UInt, Int32, Int32) -> Status
    let residentBlocks: @convention(c) (Out<Int32>, UInt, Int32, Int) -> Status
    let createStream: @convention(c) (Out<UInt>, UInt32) -> Status
    let destroyStream: @convention(c) (UInt) -> Status
    let synchronizeStream: @convention(c) (UInt) -> Status
    let createEvent: @convention(c) (Out<UInt>, UInt32) -> Status
    let destroyEvent: @convention(c) (UInt) -> Status
    let recordEvent: @convention(c) (UInt, UInt) -> Status
    let synchronizeEvent: @convention(c) (UInt) -> Status
    let queryEvent: @convention(c) (UInt) -> Status
    let elapsed: @convention(c) (Out<Float>, UInt, UInt) -> Status
    let launch:
        @convention(c) (
            UInt, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt,
            UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutableRawPointer?
        ) -> Status
    /// From CUDA 11.8 on; what knows of clusters.
    let launchExtended:
        (
            @convention(c) (
                UnsafeRawPointer, UInt, UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutableRawPointer?
            ) -> Status
        )?
    let largestCluster: (@convention(c) (Out<Int32>, UInt, UnsafeRawPointer) -> Status)?
    let residentClusters: (@convention(c) (Out<Int32>, UInt, UnsafeRawPointer) -> Status)?

    /// - Throws: when the library is too old to have what is called here.
    init(_ library: SharedLibrary) throws(LibraryError) {
        unsafe errorName = try library.function("cuGetErrorName")
        unsafe errorText = try library.function("cuGetErrorString")
        unsafe initialize = try library.function("cuInit")
        unsafe driverVersion = try library.function("cuDriverGetVersion")
        unsafe deviceCount = try library.function("cuDeviceGetCount")
        unsafe device = try library.function("cuDeviceGet")
        unsafe deviceName = try library.function("cuDeviceGetName")
        // The older function names the whole device where this one names the slice of it (MIG).
        if let known: @convention(c) (Out<UInt8>, Int32) -> Status = unsafe library.optionalFunction(
            "cuDeviceGetUuid_v2")
        {
            unsafe deviceUUID = known
        } else {
            unsafe deviceUUID = try library.function("cuDeviceGetUuid")
        }
        unsafe deviceMemory = try library.function("cuDeviceTotalMem_v2")
        unsafe deviceAttribute = try library.function("cuDeviceGetAttribute")
        unsafe deviceBus = try library.function("cuDeviceGetPCIBusId")
        unsafe retain = try library.function("cuDevicePrimaryCtxRetain")
        unsafe release = try library.function("cuDevicePrimaryCtxRelease_v2")
        unsafe setFlags = try library.function("cuDevicePrimaryCtxSetFlags_v2")
        unsafe setCurrent = try library.function("cuCtxSetCurrent")
        unsafe synchronize = try library.function("cuCtxSynchronize")
        unsafe memoryInfo = try library.function("cuMemGetInfo_v2")
        unsafe allocate = try library.function("cuMemAlloc_v2")
        unsafe free = try library.function("cuMemFree_v2")
        unsafe copyIn = try library.function("cuMemcpyHtoD_v2")
        unsafe copyOut = try library.function("cuMemcpyDtoH_v2")
        unsafe copyWithin = try library.function("cuMemcpyDtoDAsync_v2")
        unsafe set8 = try library.function("cuMemsetD8Async")
        unsafe set16 = try library.function("cuMemsetD16Async")
        unsafe set32 = try library.function("cuMemsetD32Async")
        unsafe loadModule = try library.function("cuModuleLoadData")
        unsafe unloadModule = try library.function("cuModuleUnload")
        unsafe moduleFunction = try library.function("cuModuleGetFunction")
        unsafe moduleGlobal = try library.function("cuModuleGetGlobal_v2")
        unsafe functionAttribute = try library.function("cuFuncGetAttribute")
        unsafe setFunctionAttribute = try library.function("cuFuncSetAttribute")
        unsafe residentBlocks = try library.function("cuOccupancyMaxActiveBlocksPerMultiprocessor")
        unsafe createStream = try library.function("cuStreamCreate")
        unsafe destroyStream = try library.function("cuStreamDestroy_v2")
        unsafe synchronizeStream = try library.function("cuStreamSynchronize")
        unsafe createEvent = try library.function("cuEventCreate")
        unsafe destroyEvent = try library.function("cuEventDestroy_v2")
        unsafe recordEvent = try library.function("cuEventRecord")
        unsafe synchronizeEvent = try library.function("cuEventSynchronize")
        unsafe queryEvent = try library.function("cuEventQuery")
        unsafe elapsed = try library.function("cuEventElapsedTime")
        unsafe launch = try library.function("cuLaunchKernel")
        unsafe launchExtended = library.optionalFunction("cuLaunchKernelEx")
        unsafe largestCluster = library.optionalFunction("cuOccupancyMaxPotentialClusterSize")
        unsafe residentClusters = library.optionalFunction("cuOccupancyMaxActiveClusters")
    }
}
