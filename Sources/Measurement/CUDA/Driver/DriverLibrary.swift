/// CUDA's driver (libcuda), opened at run time.
///
/// This is the only file that calls it: a Swift function for each of its own, which throws what it reports. Handles
/// belong to the process; the current context belongs to the thread.
@safe final class DriverLibrary {
    private typealias Status = DriverFunctions.Status
    private typealias Out<T> = DriverFunctions.Out<T>

    /// The file it was loaded from.
    let path: String

    private let functions: DriverFunctions

    /// - Throws: when the library is too old to have what is called here.
    init(_ library: SharedLibrary) throws(LibraryError) {
        path = library.path(byFunction: "cuInit")
        functions = try DriverFunctions(library)
    }

    // MARK: The driver and its devices

    func initialize() throws(CUDAError) {
        try check(functions.initialize(0), "cuInit")
    }

    /// The newest CUDA version that the driver serves, as CUDA writes it: 12040 is 12.4.
    func driverVersion() throws(CUDAError) -> Int {
        var version: Int32 = 0
        try check(unsafe functions.driverVersion(&version), "cuDriverGetVersion")
        return Int(version)
    }

    func deviceCount() throws(CUDAError) -> Int {
        var count: Int32 = 0
        try check(unsafe functions.deviceCount(&count), "cuDeviceGetCount")
        return Int(count)
    }

    /// The driver's own number of the device at `index`.
    func device(_ index: Int) throws(CUDAError) -> Int32 {
        var device: Int32 = 0
        try check(unsafe functions.device(&device, Int32(clamping: index)), "cuDeviceGet")
        return device
    }

    func name(of device: Int32) throws(CUDAError) -> String {
        try unsafe text(capacity: 256, "cuDeviceGetName") { unsafe functions.deviceName($0, $1, device) }
    }

    func busID(of device: Int32) throws(CUDAError) -> String {
        try unsafe text(capacity: 64, "cuDeviceGetPCIBusId") { unsafe functions.deviceBus($0, $1, device) }
    }

    /// 16 bytes.
    func uuid(of device: Int32) throws(CUDAError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        try check(unsafe bytes.withUnsafeMutableBufferPointer { unsafe uuidStatus($0, device) }, "cuDeviceGetUuid")
        return bytes
    }

    private func uuidStatus(_ buffer: UnsafeMutableBufferPointer<UInt8>, _ device: Int32) -> Status {
        guard let base = buffer.baseAddress else { return CUDAError.invalidValueCode }
        return unsafe functions.deviceUUID(base, device)
    }

    func memoryBytes(of device: Int32) throws(CUDAError) -> Int {
        var bytes = 0
        try check(unsafe functions.deviceMemory(&bytes, device), "cuDeviceTotalMem")
        return bytes
    }

    func attribute(_ attribute: DeviceAttribute, of device: Int32) throws(CUDAError) -> Int {
        var value: Int32 = 0
        try check(unsafe functions.deviceAttribute(&value, attribute.rawValue, device), "cuDeviceGetAttribute")
        return Int(value)
    }

    // MARK: Contexts

    func setPrimaryContextFlags(_ flags: UInt32, of device: Int32) throws(CUDAError) {
        try check(functions.setFlags(device, flags), "cuDevicePrimaryCtxSetFlags")
    }

    func retainPrimaryContext(of device: Int32) throws(CUDAError) -> ContextHandle {
        var context: UInt = 0
        try check(unsafe functions.retain(&context, device), "cuDevicePrimaryCtxRetain")
        return ContextHandle(bits: context)
    }

    /// Failures are of no use to whoever lets go.
    func releasePrimaryContext(of device: Int32) {
        _ = functions.release(device)
    }

    func makeCurrent(_ context: ContextHandle) throws(CUDAError) {
        try check(functions.setCurrent(context.bits), "cuCtxSetCurrent")
    }

    func synchronize() throws(CUDAError) {
        try check(functions.synchronize(), "cuCtxSynchronize")
    }

    // MARK: Memory

    func memoryInfo() throws(CUDAError) -> (free: Int, total: Int) {
        var (free, total) = (0, 0)
        try check(unsafe functions.memoryInfo(&free, &total), "cuMemGetInfo")
        return (free, total)
    }

    func allocate(byteCount: Int) throws(CUDAError) -> DeviceAddress {
        var address: UInt64 = 0
        try check(unsafe functions.allocate(&address, byteCount), "cuMemAlloc")
        return DeviceAddress(bits: address)
    }

    func free(_ address: DeviceAddress) {
        _ = functions.free(address.bits)
    }

    func copy(_ bytes: [UInt8], to address: DeviceAddress) throws(CUDAError) {
        let status = unsafe bytes.withUnsafeBytes { source -> Status in
            guard let base = source.baseAddress else { return 0 }
            return unsafe functions.copyIn(address.bits, base, source.count)
        }
        try check(status, "cuMemcpyHtoD")
    }

    /// Waits for the device's earlier work.
    func bytes(at address: DeviceAddress, count: Int) throws(CUDAError) -> [UInt8] {
        guard count > 0 else { return [] }
        var status: Status = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            guard let base = buffer.baseAddress else { return }
            status = unsafe functions.copyOut(UnsafeMutableRawPointer(base), address.bits, count)
            filled = status == 0 ? count : 0
        }
        try check(status, "cuMemcpyDtoH")
        return bytes
    }

    func copy(
        from source: DeviceAddress, to target: DeviceAddress, byteCount: Int, on stream: StreamHandle
    ) throws(CUDAError) {
        try check(functions.copyWithin(target.bits, source.bits, byteCount, stream.bits), "cuMemcpyDtoDAsync")
    }

    func fill(_ address: DeviceAddress, _ value: UInt8, count: Int, on stream: StreamHandle) throws(CUDAError) {
        try check(functions.set8(address.bits, value, count, stream.bits), "cuMemsetD8Async")
    }

    func fill(_ address: DeviceAddress, _ value: UInt16, count: Int, on stream: StreamHandle) throws(CUDAError) {
        try check(functions.set16(address.bits, value, count, stream.bits), "cuMemsetD16Async")
    }

    func fill(_ address: DeviceAddress, _ value: UInt32, count: Int, on stream: StreamHandle) throws(CUDAError) {
        try check(functions.set32(address.bits, value, count, stream.bits), "cuMemsetD32Async")
    }

    // MARK: Modules and functions

    func loadModule(_ image: [UInt8]) throws(CUDAError) -> ModuleHandle {
        var module: UInt = 0
        let status = unsafe image.withUnsafeBytes { image -> Status in
            guard let base = image.baseAddress else { return CUDAError.invalidValueCode }
            return unsafe functions.loadModule(&module, base)
        }
        try check(status, "cuModuleLoadData")
        return ModuleHandle(bits: module)
    }

    func unload(_ module: ModuleHandle) {
        _ = functions.unloadModule(module.bits)
    }

    func function(_ name: String, in module: ModuleHandle) throws(CUDAError) -> FunctionHandle {
        var function: UInt = 0
        try check(unsafe functions.moduleFunction(&function, module.bits, name), "cuModuleGetFunction")
        return FunctionHandle(bits: function)
    }

    func global(_ name: String, in module: ModuleHandle) throws(CUDAError) -> (address: DeviceAddress, byteCount: Int) {
        var address: UInt64 = 0
        var byteCount = 0
        try check(unsafe functions.moduleGlobal(&address, &byteCount, module.bits, name), "cuModuleGetGlobal")
        return (DeviceAddress(bits: address), byteCount)
    }

    func attribute(_ attribute: FunctionAttribute, of function: FunctionHandle) throws(CUDAError) -> Int {
        var value: Int32 = 0
        try check(unsafe functions.functionAttribute(&value, attribute.rawValue, function.bits), "cuFuncGetAttribute")
        return Int(value)
    }

    func set(_ attribute: FunctionAttribute, to value: Int, of function: FunctionHandle) throws(CUDAError) {
        try check(
            functions.setFunctionAttribute(function.bits, attribute.rawValue, Int32(clamping: value)),
            "cuFuncSetAttribute")
    }

    /// How many blocks of the function fit on one multiprocessor at once.
    func residentBlocks(of function: FunctionHandle, threads: Int, dynamicSharedBytes: Int) throws(CUDAError) -> Int {
        var blocks: Int32 = 0
        try check(
            unsafe functions.residentBlocks(&blocks, function.bits, Int32(clamping: threads), dynamicSharedBytes),
            "cuOccupancyMaxActiveBlocksPerMultiprocessor")
        return Int(blocks)
    }

    // MARK: Launching

    var knowsClusters: Bool { unsafe functions.launchExtended.map { _ in true } ?? false }

    func launch(_ launch: LaunchRecord) throws(CUDAError) {
        guard let launchExtended = unsafe functions.launchExtended else {
            let (grid, block) = (launch.geometry.grid, launch.geometry.block)
            let status = unsafe functions.launch(
                launch.function.bits, UInt32(grid.x), UInt32(grid.y), UInt32(grid.z), UInt32(block.x),
                UInt32(block.y), UInt32(block.z), UInt32(launch.geometry.dynamicSharedBytes), launch.stream.bits,
                launch.argumentPointers, nil)
            return try check(status, "cuLaunchKernel")
        }
        let status = unsafe launchExtended(
            launch.configuration, launch.function.bits, launch.argumentPointers, nil)
        try check(status, "cuLaunchKernelEx")
    }

    /// The most blocks that a cluster of this launch can have on the device; nil from a driver that knows no clusters.
    func largestCluster(for launch: LaunchRecord) throws(CUDAError) -> Int? {
        try unsafe count(unsafe functions.largestCluster, "cuOccupancyMaxPotentialClusterSize", launch)
    }

    /// How many of this launch's clusters the device can hold at once; nil from a driver that knows no clusters.
    func residentClusters(for launch: LaunchRecord) throws(CUDAError) -> Int? {
        try unsafe count(unsafe functions.residentClusters, "cuOccupancyMaxActiveClusters", launch)
    }

    private func count(
        _ call: (@convention(c) (Out<Int32>, UInt, UnsafeRawPointer) -> Status)?, _ name: String, _ launch: LaunchRecord
    ) throws(CUDAError) -> Int? {
        guard let call = unsafe call else { return nil }
        var count: Int32 = 0
        try check(unsafe call(&count, launch.function.bits, launch.configuration), name)
        return Int(count)
    }

    // MARK: Streams and events

    func makeStream() throws(CUDAError) -> StreamHandle {
        var stream: UInt = 0
        try check(unsafe functions.createStream(&stream, 0), "cuStreamCreate")
        return StreamHandle(bits: stream)
    }

    func destroy(_ stream: StreamHandle) {
        _ = functions.destroyStream(stream.bits)
    }

    func synchronize(_ stream: StreamHandle) throws(CUDAError) {
        try check(functions.synchronizeStream(stream.bits), "cuStreamSynchronize")
    }

    func makeEvent() throws(CUDAError) -> EventHandle {
        var event: UInt = 0
        try check(unsafe functions.createEvent(&event, 0), "cuEventCreate")
        return EventHandle(bits: event)
    }

    func destroy(_ event: EventHandle) {
        _ = functions.destroyEvent(event.bits)
    }

    func record(_ event: EventHandle, on stream: StreamHandle) throws(CUDAError) {
        try check(functions.recordEvent(event.bits, stream.bits), "cuEventRecord")
    }

    func synchronize(_ event: EventHandle) throws(CUDAError) {
        try check(functions.synchronizeEvent(event.bits), "cuEventSynchronize")
    }

    /// Whether all work before the event is done.
    func isDone(_ event: EventHandle) throws(CUDAError) -> Bool {
        let status = functions.queryEvent(event.bits)
        if status == CUDAError.notReadyCode { return false }
        try check(status, "cuEventQuery")
        return true
    }

    func milliseconds(from start: EventHandle, to end: EventHandle) throws(CUDAError) -> Double {
        var milliseconds: Float = 0
        try check(unsafe functions.elapsed(&milliseconds, start.bits, end.bits), "cuEventElapsedTime")
        return Double(milliseconds)
    }

    // MARK: Errors and texts

    private func check(_ status: Status, _ call: String) throws(CUDAError) {
        guard status != 0 else { return }
        var (name, text): (UnsafePointer<CChar>?, UnsafePointer<CChar>?) = (nil, nil)
        _ = unsafe functions.errorName(status, &name)
        _ = unsafe functions.errorText(status, &text)
        throw CUDAError(
            code: status, name: unsafe name.map { unsafe String(cString: $0) } ?? "CUDA error \(status)",
            text: unsafe text.map { unsafe String(cString: $0) } ?? "the driver has no text for it", call: call)
    }

    private func text(
        capacity: Int32, _ name: String, _ call: (Out<CChar>, Int32) -> Status
    ) throws(CUDAError) -> String {
        var status: Status = 0
        let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(capacity)) { buffer -> String in
            guard let base = buffer.baseAddress else { return "" }
            unsafe base.initialize(repeating: 0, count: Int(capacity))
            status = unsafe call(base, capacity - 1)
            return unsafe String(cString: base)
        }
        try check(status, name)
        return text
    }
}
