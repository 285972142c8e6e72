/// Machine code in a device's memory, with its functions and global variables.
final class CUDAModule {
    let context: CUDAContext
    private let handle: ModuleHandle

    /// - Parameter image: a CUBIN for the device's architecture.
    /// - Throws: the driver's reason: `CUDA_ERROR_NO_BINARY_FOR_GPU`, `CUDA_ERROR_INVALID_IMAGE`, …
    init(_ context: CUDAContext, image: [UInt8]) throws(CUDAError) {
        handle = try context.driver.loadModule(image)
        self.context = context
    }

    deinit {
        context.driver.unload(handle)
    }

    /// - Parameter symbol: the name in the machine code; of a C++ function the mangled one.
    /// - Throws: `CUDA_ERROR_NOT_FOUND` where there is none.
    func function(_ symbol: String) throws(CUDAError) -> CUDAFunction {
        try CUDAFunction(self, symbol: symbol, handle: context.driver.function(symbol, in: handle))
    }

    /// A variable of the module, such as one in constant memory.
    ///
    /// - Throws: `CUDA_ERROR_NOT_FOUND` where there is none.
    func global(_ symbol: String) throws(CUDAError) -> ModuleGlobal {
        let (address, byteCount) = try context.driver.global(symbol, in: handle)
        return ModuleGlobal(module: self, address: address, byteCount: byteCount)
    }
}

/// A variable of a module. It lives as long as the module.
struct ModuleGlobal {
    private let module: CUDAModule
    let address: DeviceAddress
    let byteCount: Int

    fileprivate init(module: CUDAModule, address: DeviceAddress, byteCount: Int) {
        (self.module, self.address, self.byteCount) = (module, address, byteCount)
    }

    /// Writes `bytes`, no more than there are, from the variable's start.
    func write(_ bytes: [UInt8]) throws(CUDAError) {
        precondition(bytes.count <= byteCount, "the bytes fit into the variable")
        try module.context.driver.copy(bytes, to: address)
    }

    func bytes() throws(CUDAError) -> [UInt8] {
        try module.context.driver.bytes(at: address, count: byteCount)
    }
}
