import KernelSpec

/// A compiled kernel in the device's memory, ready to be launched on the arguments.
final class LoadedCUDAKernel {
    private let module: CUDAModule
    private let function: CUDAFunction
    private let launch: CUDALaunch
    private let file: CUDAKernelFile
    private let name: String
    /// The module's variables that hold inputs, by argument.
    private var globals: [Int: ModuleGlobal] = [:]

    /// - Parameters:
    ///   - path: of an artifact (`CUDAKernelFile`).
    ///   - name: of the function, as the spec names it.
    /// - Throws: a `LaunchFailure`, the limit that the launch exceeds (`LaunchLimitError`), or a `CUDAError`.
    init(_ context: CUDAContext, path: String, name: String, arguments: CUDAArguments) throws {
        file = try CUDAKernelFile.read(path)
        self.name = name
        guard let symbol = file.artifact.symbols[name] else {
            throw LaunchFailure(reason: "the compiled kernel has no function \(name)")
        }
        module = try CUDAModule(context, image: file.artifact.image)
        function = try module.function(symbol)
        launch = try function.prepare(file.launch.geometry(), arguments: arguments.launchArguments)
        for (index, argument) in arguments.arguments.enumerated() {
            guard let variable = argument.symbol else { continue }
            let global = try module.global(file.artifact.symbols["&\(variable)"] ?? variable)
            guard global.byteCount >= argument.byteCount else {
                throw LaunchFailure(
                    reason: "\(variable) has \(global.byteCount) bytes, argument \(argument.name) has "
                        + "\(argument.byteCount)")
            }
            globals[index] = global
        }
        try writeSymbols(arguments)
    }

    func writeSymbols(_ arguments: CUDAArguments) throws(CUDAError) {
        for (index, global) in globals { try global.write(arguments.symbolBytes[index] ?? []) }
    }

    /// Begins one run; what goes wrong in it is told by what waits for it.
    func run() throws(CUDAError) {
        try launch.launch()
    }

    /// What the compiler said, with what the launch adds to it.
    var resources: Resources {
        get throws(CUDAError) {
            var resources = file.artifact.resources(of: name)
            resources.registersPerThread = resources.registersPerThread ?? function.resources.registersPerThread
            resources.sharedMemoryBytes = function.resources.staticSharedBytes + file.launch.sharedMemoryBytes
            resources.occupancy = try function.occupancy(launch.geometry)
            return resources
        }
    }
}
