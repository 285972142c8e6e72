public import ConfigSpace

/// A kernel to tune: its source, its inputs, its configuration space, and what counts as a right result.
///
/// Read from a kernel.json (`Docs/kernel.schema.json`) or a T1 file by `KernelSpec.read(from:)`.
public struct KernelSpec: Sendable {
    public let name: String
    /// The file this was read from, absolute.
    public let path: String
    public let kernel: Kernel
    public let arguments: [Argument]
    public let launch: Launch?
    /// For a language that `tellsSpace` one config without parameters, until `with(space:)`.
    public let configSpace: ConfigSpace
    /// The space as the kernel told it; nil where the file gives it, or the kernel was not asked yet.
    public let toldSpace: Value?
    public let verification: Verification
    public let workload: Workload?
    /// What was odd in the file and could be lived with, one sentence each, for the user.
    public let warnings: [String]

    public init(
        name: String, path: String, kernel: Kernel, arguments: [Argument], launch: Launch?, configSpace: ConfigSpace,
        toldSpace: Value? = nil, verification: Verification, workload: Workload?, warnings: [String]
    ) {
        self.toldSpace = toldSpace
        self.name = name
        self.path = path
        self.kernel = kernel
        self.arguments = arguments
        self.launch = launch
        self.configSpace = configSpace
        self.verification = verification
        self.workload = workload
        self.warnings = warnings
    }
}

/// What a kernel is written in; decides the backend that compiles and runs it.
public enum Language: String, Sendable, CaseIterable {
    case c
    case cPlusPlus = "c++"
    case cuda
    /// Python's own: compiled and run by a worker in the user's interpreter.
    case helion, triton
    /// Only in T1 files, and only with recorded results.
    case openCL = "opencl"
    case hip

    /// Whether the source is Python, which knows neither macros nor a compiler's options.
    public var isPython: Bool { self == .helion || self == .triton }

    /// Whether the kernel itself tells its configuration space, once a worker has opened it.
    public var tellsSpace: Bool { self == .helion }
}

/// The kernel's source and how it is compiled.
public struct Kernel: Sendable {
    public let language: Language
    /// As written in the file, and resolved against the file's folder.
    public let source: String
    public let sourcePath: String
    public let function: String
    public let compilerOptions: [String]
    /// Resolved against the file's folder.
    public let includePaths: [String]
    /// The compiler's program name; nil means the backend's own choice.
    public let compiler: String?
    /// Whether the source may use what Kernel Tuner defines besides the parameters: `kernel_tuner`, and the launch's
    /// `grid_size_x`, …, `block_size_x`, ….
    public let isForKernelTuner: Bool

    public init(
        language: Language, source: String, sourcePath: String, function: String, compilerOptions: [String] = [],
        includePaths: [String] = [], compiler: String? = nil, isForKernelTuner: Bool = false
    ) {
        self.language = language
        self.source = source
        self.sourcePath = sourcePath
        self.function = function
        self.compilerOptions = compilerOptions
        self.includePaths = includePaths
        self.compiler = compiler
        self.isForKernelTuner = isForKernelTuner
    }
}

/// Grid, block and dynamic shared memory of a GPU launch, each an expression over parameters and scalar arguments.
public struct Launch: Sendable {
    public let grid: [Expression]
    public let block: [Expression]
    public let sharedMemoryBytes: Expression?
    /// Blocks of a cluster in up to three dimensions; nil launches without clusters.
    public let cluster: [Expression]?
    /// Whether all blocks have to run at once, so that they may wait for one another.
    public let cooperative: Expression?

    public init(
        grid: [Expression], block: [Expression], sharedMemoryBytes: Expression?, cluster: [Expression]? = nil,
        cooperative: Expression? = nil
    ) {
        self.cluster = cluster
        self.cooperative = cooperative
        self.grid = grid
        self.block = block
        self.sharedMemoryBytes = sharedMemoryBytes
    }
}

/// How much work one run of the kernel does, for the share of the device's limits.
public struct Workload: Sendable {
    public let flops: Expression?
    public let bytes: Expression?

    public init(flops: Expression?, bytes: Expression?) {
        self.flops = flops
        self.bytes = bytes
    }
}
