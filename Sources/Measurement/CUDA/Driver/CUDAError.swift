/// A call of CUDA's driver that failed, in the driver's own words.
struct CUDAError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The driver's number, `CUresult`.
    var code: Int32
    /// `CUDA_ERROR_ILLEGAL_ADDRESS`, from `cuGetErrorName`.
    var name: String
    /// `an illegal memory access was encountered`, from `cuGetErrorString`.
    var text: String
    /// The call that reported it. Errors of a kernel are reported by whatever is called next.
    var call: String

    var description: String { "\(name): \(text)" }

    static let invalidValueCode: Int32 = 1
    static let outOfMemoryCode: Int32 = 2
    static let notReadyCode: Int32 = 600

    /// Whether every further call in this process's context fails the same: the kernel broke it, and only another
    /// process gets a sound one.
    var losesContext: Bool {
        switch code {
        case 214: true  // ECC_UNCORRECTABLE
        case 220: true  // NVLINK_UNCORRECTABLE
        case 700: true  // ILLEGAL_ADDRESS
        case 702: true  // LAUNCH_TIMEOUT
        case 709: true  // CONTEXT_IS_DESTROYED
        case 710: true  // ASSERT
        case 714...719: true  // HARDWARE_STACK_ERROR, ILLEGAL_INSTRUCTION, MISALIGNED_ADDRESS, …, LAUNCH_FAILED
        case 721: true  // TENSOR_MEMORY_LEAK
        case 999: true  // UNKNOWN
        default: false
        }
    }

    var isOutOfMemory: Bool { code == Self.outOfMemoryCode }
}
