import KernelSpec

/// The kernels by which a device's limits are measured, in CUDA C++ without any header.
enum LimitRoutines {
    /// Tells these routines from others that measured before.
    static let version = "1"

    static let readFunction = "autotune_read"
    static let readThreads = 512
    static let readBlocksPerMultiprocessor = 4

    /// Reads all of `words` in 16-byte loads, eight of a thread under way together.
    static let read = #"""
        extern "C" __global__ void __launch_bounds__(512) autotune_read(
                const uint4 *words, unsigned long long count, unsigned *never) {
            unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
            unsigned sum = 0;
            for (unsigned long long i = blockIdx.x * (unsigned long long)blockDim.x + threadIdx.x; i < count; i += 8 * step) {
                uint4 got[8];
                #pragma unroll
                for (int j = 0; j < 8; j++) got[j] = i + j * step < count ? words[i + j * step] : uint4{0, 0, 0, 0};
                #pragma unroll
                for (int j = 0; j < 8; j++) sum ^= got[j].x ^ got[j].y ^ got[j].z ^ got[j].w;
            }
            if (sum == 0x12345678) *never = sum;
        }
        """#

    /// Keeps the matrix units busy with one type of inputs.
    struct Matrix {
        /// The inputs' types that this measures.
        var types: [DataType]
        var source: String
        /// `function(unsigned *never, int rounds)`.
        var function: String
        var threads: Int
        var sharedBytes: Int
        var blocksPerMultiprocessor: Int
        /// A multiplication and an addition are two.
        var operationsPerRoundAndBlock: Double
    }

    /// The routines for a device's matrix units; none where its own instructions are of a kind that no routine here uses,
    /// since a slower kind would pass for the limit.
    static func matrix(for capability: ComputeCapability) -> [Matrix] {
        switch (capability.major, capability.minor) {
        case (8, let minor): MatrixInstruction.registers(hasFloat8: minor == 9)
        case (9, 0): WarpgroupInstruction.all + MatrixInstruction.doubles(isWide: true)
        case (12, _): MatrixInstruction.registers(hasFloat8: true)
        default: []
        }
    }

    /// A word of random bits, of which `mask` and `bits` leave numbers of random sign between a half and one.
    static let randomWord = #"""
        typedef unsigned u32; typedef unsigned long long u64;
        static __device__ u32 random_word(u32 index, u32 mask, u32 bits) {
            u64 word = index * 0x9E3779B97F4A7C15ull + 0x94D049BB133111EBull;
            word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9ull;
            word = (word ^ word >> 27) * 0x94D049BB133111EBull;
            return ((u32)(word >> 32) & mask) | bits;
        }
        """#
}
